"""GradStudio: computation graphs whose every gradient can be seen, derived and graded.

The window and the command line stand on what is here; none of it needs Qt.

A graph is a value. It is written as a formula, or built node by node:

>>> import gradstudio as gs
>>> graph = gs.parse("f = (x + y) * z", values={"x": -2, "y": 5, "z": -4})
>>> graph.nodes["f"].inputs
('add1', 'z')

`evaluate` gives every value, and the gradient of the output on every node and edge:

>>> found = gs.evaluate(graph)
>>> float(found.values["f"])
-12.0
>>> {name: float(found.grads[name]) for name in "xyz"}
{'x': -4.0, 'y': -4.0, 'z': 3.0}
>>> float(found.edge_grads["f", 0])
-4.0

An edit returns another graph, and evaluating it anew does only the work that is needed:

>>> moved = graph.set_values({"z": 2})
>>> float(gs.evaluate(moved, previous=found).grads["x"])
2.0

Gradients are checked against central differences, in forward mode or as a graph of their own,
which can be differentiated again:

>>> all(leaf.passed for leaf in gs.check(graph))
True
>>> float(gs.evaluate(graph, mode="forward", wrt="z").tangents["f"])
3.0
>>> curve = gs.parse("f = sin(x) * x", values={"x": 0.5})
>>> once = gs.grad(curve, "f", "x")
>>> twice = gs.grad(once, "df_dx", "x")
>>> numbers = gs.evaluate(twice).values
>>> [round(float(numbers[name]), 6) for name in ("f", "df_dx", "ddf_dx_dx")]
[0.239713, 0.918217, 1.515452]
>>> plain = gs.Rewrites(units=False, negations=False, moves=False, folding=False)
>>> len(once.nodes), len(gs.grad(curve, "f", "x", rewrites=plain).nodes)
(6, 9)
>>> round(float(gs.hvp(curve, {"x": 1.0})["x"]), 6)
1.515452

The chain rule at a node is written out with its names and its numbers:

>>> [(line.symbols, line.numbers) for line in gs.written(found, "f")]
[('∂f/∂add1 = ∂f/∂f · z', '1 × −4 = −4'), ('∂f/∂z = ∂f/∂f · add1', '1 × 3 = 3')]

What a backward pass never builds, and what it keeps instead:

>>> layer = gs.parse("y = relu(x @ w)", values={"x": [[1, -2]], "w": [[1, 2], [-1, 4]]})
>>> jacobian = gs.local_jacobian(gs.evaluate(layer), "y", 0)
>>> jacobian.pattern, jacobian.product, jacobian.matrix.tolist()
('diagonal', 'g · [x > 0]', [[1.0, 0.0], [0.0, 0.0]])
>>> plan = gs.schedule(gs.evaluate(graph))
>>> gs.lifetimes(plan).peak_bytes
32

What may be wrong with a graph, and where:

>>> deep = gs.parse("h = relu(w * x); f = tanh(9 + h)", values={"w": 1, "x": -2})
>>> [(problem.kind, problem.node) for problem in gs.problems(gs.evaluate(deep))]
[('dead', 'h'), ('saturated', 'f')]

A training step is compiled to what suits the graph:

>>> from gradstudio.training_settings import TrainingSettings
>>> line = gs.parse("loss = mse(w * x, y)", values={"w": 0, "x": [1, 2, 3], "y": [2, 4, 6]})
>>> step = gs.compile(line, TrainingSettings(learning_rate=0.05))
>>> [round(float(step.step()), 4) for _ in range(3)]
[18.6667, 5.3096, 1.5103]
>>> step.executor
'arrays'

Files hold no code; what they hold is checked when it is read:

>>> gs.loads(gs.dumps(graph)) == graph
True
>>> print(gs.to_formula(graph))
f = (x + y) * z
>>> sorted(gs.EMITTERS)
['formula', 'latex', 'numpy', 'numpy-modular', 'torch']
>>> print(gs.EMITTERS["numpy"](graph).splitlines()[8])
add1 = x + y

Everything a user can get wrong raises a `GradStudioError` that names the node:

>>> gs.parse("f = x @ w", values={"x": [1, 2], "w": [1, 2, 3]}).connect("f", "f", 0)
Traceback (most recent call last):
gradstudio.errors.GraphError: f: linking f into it would close a cycle: f → f
"""

__version__ = "0.1.0"

from gradstudio.emit import EMITTERS
from gradstudio.emit.explanation import written
from gradstudio.emit.formula import to_formula
from gradstudio.engine.checkpoint import choose
from gradstudio.engine.compile import compile
from gradstudio.engine.cost import costs
from gradstudio.engine.definitions import verdicts
from gradstudio.engine.derivatives import grad, hvp
from gradstudio.engine.evaluate import Evaluation, evaluate
from gradstudio.engine.expansion import collapse, collapsible, expand
from gradstudio.engine.explain import explain
from gradstudio.engine.gradcheck import check
from gradstudio.engine.jacobian import jacobian, local_jacobian
from gradstudio.engine.lifetimes import lifetimes
from gradstudio.engine.problems import problems
from gradstudio.engine.schedule import schedule
from gradstudio.engine.shape_argument import broadcast_argument, shape_argument
from gradstudio.engine.simplify import Rewrites
from gradstudio.errors import GradStudioError
from gradstudio.formula import parse
from gradstudio.formula.definition import define
from gradstudio.graph import Graph, Node
from gradstudio.ops import REGISTRY as OPS
from gradstudio.storage import dumps, load, loads, save

__all__ = [
    "EMITTERS",
    "OPS",
    "Evaluation",
    "GradStudioError",
    "Graph",
    "Node",
    "Rewrites",
    "broadcast_argument",
    "check",
    "choose",
    "collapse",
    "collapsible",
    "compile",
    "costs",
    "define",
    "dumps",
    "evaluate",
    "expand",
    "explain",
    "grad",
    "hvp",
    "jacobian",
    "lifetimes",
    "load",
    "loads",
    "local_jacobian",
    "parse",
    "problems",
    "save",
    "schedule",
    "shape_argument",
    "to_formula",
    "verdicts",
    "written",
]

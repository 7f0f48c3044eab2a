"""A graph as a PyTorch module and the script that trains it.

Each op says in its `torch` how PyTorch writes it. Where it says nothing, or PyTorch means something
else by the same settings (by no axes it means all), and for the ops a document defines, whose
backward formulas count, the op's NumPy class (`emit.numpy_modular`) is given to autograd instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from gradstudio.emit.calls import backward
from gradstudio.emit.literals import lists_text, number_text
from gradstudio.emit.names import Names
from gradstudio.emit.numpy_modular import FIT, Functions
from gradstudio.emit.outline import Outline
from gradstudio.errors import GraphError, OpError, mark
from gradstudio.graph import Graph
from gradstudio.ops import Array, Op, SettingValue, Shape
from gradstudio.ops.arithmetic import Identity
from gradstudio.optimizers import OPTIMIZERS
from gradstudio.training_settings import TrainingSettings

MODULE_WORDS = tuple(
    """
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda
    double dump_patches extra_repr forward get_buffer get_extra_state get_parameter
    get_submodule half ipu load_state_dict modules mtia named_buffers named_children
    named_modules named_parameters parameters register_backward_hook register_buffer
    register_forward_hook register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook
    register_load_state_dict_pre_hook register_module register_parameter
    register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state
    set_submodule share_memory state_dict to to_empty train training xpu zero_grad
    """.split()  # noqa: SIM905
)
"""What an `nn.Module` calls its own; a parameter of that name would replace it."""
_SCRIPT_WORDS = ("fit", "batches", "model", "optimizer", "loss", "step", "rows")
"""What the script calls its own; an input of that name would be lost to the training loop."""
_INFIX = re.compile(r"\{x\} (\+|-|\*|/|\*\*) \{y\}")

_NUMPY_IN_TORCH = '''
class InNumpy(torch.autograd.Function):
    """A function that is written in NumPy, with its own backward."""

    @staticmethod
    def forward(ctx, function, *inputs):
        ctx.function = function
        ctx.shapes = [tuple(one.shape) for one in inputs]
        out = function.forward(*[one.detach().numpy() for one in inputs])
        return torch.tensor(np.array(out, dtype=np.float64))

    @staticmethod
    def backward(ctx, grad):
        parts = ctx.function.backward(grad.numpy())
        fitted = [
            None if part is None else torch.tensor(np.array(fit(part, shape)))
            for part, shape in zip(parts, ctx.shapes)
        ]
        return (None, *fitted)
'''

_BATCHES = '''
def batches(rows, size, seed):
    """Yield the rows of each step: every epoch goes through all of them, in a new order."""
    generator = np.random.default_rng(seed)
    while True:
        yield from torch.from_numpy(generator.permutation(rows)).split(size)
'''


def to_torch(graph: Graph) -> str:
    """Return a script with an `nn.Module`, the values of its inputs, and a training loop.

    The settings of the loop are those of the graph. A graph without a parameter is not trained:
    the script prints its output, and the gradients of its inputs.

    Raises:
        GradStudioError: there is no one output, or it has no value, or a setting of the training
            is none; the message names the node or the field.
    """
    return _Script(Outline.of(graph)).text()


class _Script:
    """One script in the making.

    Args:
        outline: of the graph.
    """

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._names = Names(["torch", "nn", "np", "self", "Model", "InNumpy"])
        self._of = {name: self._names.fresh(self._wanted(name)) for name in outline.order}
        self._functions = Functions(outline, self._names)
        self._in_numpy: dict[str, str] = {}

    def text(self) -> str:
        """Return the text."""
        module = self._module()
        main = self._main()
        parts = []
        if self._in_numpy:
            parts += [FIT, *self._functions.texts(), _NUMPY_IN_TORCH]
        if "in zip(range(" in main:
            parts.append(_BATCHES)
        numpy = "import numpy as np\n" * bool(parts)
        given = self._inputs()
        parts = [f"{numpy}import torch\nfrom torch import nn", *parts, module]
        parts += ["\n".join(given)] * bool(given) + [main]
        return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"

    def _wanted(self, name: str) -> str:
        """Return what a node would be called if that were free."""
        if not self._outline.node(name).is_leaf:
            return name
        # A module has private names, too.
        public = f"node{name}" if name.startswith("_") else name
        return f"{public}_2" if public in (*MODULE_WORDS, *_SCRIPT_WORDS) else public

    def _of_op(self, op: str) -> list[str]:
        return [name for name in self._outline.leaves if self._outline.node(name).op == op]

    # -- the module -----------------------------------------------------------------------------

    def _module(self) -> str:
        outline = self._outline
        steps = [f"        {self._of[name]} = {self._step(name)}" for name in outline.steps]
        lines = ["class Model(nn.Module):", "    def __init__(self):", "        super().__init__()"]
        for name in self._of_op("parameter"):
            tensor = _tensor(outline.value(name), 8)
            lines.append(f"        self.{self._of[name]} = nn.Parameter({tensor})")
        named = "\n".join(steps)
        for name in self._of_op("constant"):
            if f"self.{self._of[name]}" in named or name == outline.output:
                tensor = _tensor(outline.value(name), 8)
                lines.append(f'        self.register_buffer("{self._of[name]}", {tensor})')
        arguments = ", ".join(["self", *(self._of[name] for name in self._of_op("input"))])
        lines += ["", f"    def forward({arguments}):", *steps]
        return "\n".join([*lines, f"        return {self._reference(outline.output)}"])

    def _reference(self, name: str) -> str:
        held = self._outline.node(name).op in ("parameter", "constant")
        return f"self.{self._of[name]}" if held else self._of[name]

    def _step(self, name: str) -> str:
        """Write how a node is computed."""
        outline = self._outline
        node = outline.node(name)
        op, inputs = node.rules, outline.inputs(name)
        shapes = tuple(np.shape(outline.value(source)) for source in inputs)
        texts = [self._reference(source) for source in inputs]
        if node.muted:
            return Identity.torch.format(x=texts[node.passing_port(shapes)])
        if not _says_the_same(op, node.settings):
            function = self._functions.of(name)
            self._in_numpy[name] = function.name
            return f"InNumpy.apply({', '.join([f'{function.name}()', *texts])})"
        if _INFIX.fullmatch(op.torch):
            for port, number in enumerate(outline.literals(name)):
                if number is not None:
                    text = number_text(number)
                    texts[port] = f"({text})" if text.startswith("-") else text
        for port in self._labels(name):
            texts[port] += ".long()"
        ports = op.ports(len(inputs))
        parts: dict[str, str] = dict(zip(ports, texts, strict=True))
        parts["xs"] = ", ".join(texts)
        for setting in op.settings:
            value = node.settings.get(setting.name, setting.default)
            if value is None:
                value = _said_out(op, setting.kind, shapes, node.settings)
            parts[setting.name] = str(value) if setting.kind == "index" else repr(value)
        keeps = node.settings.get("keepdims")
        template = op.torch if keeps else op.torch.replace(", keepdim={keepdims}", "")
        return template.format(**parts)

    def _labels(self, name: str) -> list[int]:
        """Return the ports of a node that hold class numbers."""
        outline = self._outline
        node = outline.node(name)
        if not node.rules.labels:
            return []
        values = [outline.value(source) for source in outline.inputs(name)]
        none = [None] * len(values)
        parts = backward(node.rules, outline.value(name), values, none, node.settings, fitted=False)
        ports = node.rules.ports(len(values))
        return [
            port
            for port, part in enumerate(parts)
            if part is None and ports[port] in node.rules.labels
        ]

    # -- the script -----------------------------------------------------------------------------

    def _inputs(self) -> list[str]:
        return [
            f"{self._of[name]} = {_tensor(self._outline.value(name))}"
            for name in self._of_op("input")
        ]

    def _main(self) -> str:
        trained = [name for name in self._of_op("parameter") if name in self._outline.found.grads]
        lines = self._training(trained) if trained else self._once()
        opening = ['if __name__ == "__main__":', "    model = Model()"]
        return "\n".join([*opening, *(f"    {line}" for line in lines)])

    def _once(self) -> list[str]:
        """Write what is done where there is nothing to train."""
        outline = self._outline
        inputs = [self._of[name] for name in self._of_op("input")]
        wanted = [name for name in self._of_op("input") if name in outline.found.grads]
        moved = [self._of[name] for name in wanted]
        output = self._of[outline.output]
        lines = [f"{name}.requires_grad_()" for name in moved]
        lines.append(f"loss = model({', '.join(inputs)})")
        lines.append(f'print("{output} =", loss)')
        lines += self._pulled(wanted)
        return lines + [f'print("grad_{name} =", {name}.grad)' for name in moved]

    def _pulled(self, wanted: Sequence[str]) -> list[str]:
        """Write the backward pass; PyTorch refuses it where nothing flows back to `wanted`."""
        grads = self._outline.found.grads
        passes = any(np.any(grads[name]) for name in wanted)
        allowed = [] if passes else ["loss.requires_grad_()  # where no gradient passes, too"]
        return [*allowed, "loss.backward()"] if wanted else []

    def _training(self, trained: Sequence[str]) -> list[str]:
        outline = self._outline
        settings = TrainingSettings.of(outline.found.graph)
        optimizer = OPTIMIZERS[settings.optimizer].torch.format(
            learning_rate=settings.learning_rate, momentum=settings.momentum
        )
        steps = settings.steps
        data = [name for name in self._of_op("input") if outline.node(name).settings.get("data")]
        sizes = {np.shape(outline.value(name))[:1] for name in data}
        counted = len(sizes) == 1 and sizes != {()}
        rows = len(outline.value(data[0])) if counted else 0
        batch = rows if settings.batch is None else min(settings.batch, rows)
        if batch < rows:
            self._check_batches(data, {batch, rows % batch} - {0})
        given = [
            f"{self._of[name]}[rows]" if batch < rows and name in data else self._of[name]
            for name in self._of_op("input")
        ]
        loop = f"for step in range(1, {steps + 1}):"
        if batch < rows:
            batches = f"batches({rows}, {batch}, {settings.seed})"
            loop = f"for step, rows in zip(range(1, {steps + 1}), {batches}):"
        every = max(1, steps // 20)
        return [
            f"optimizer = {optimizer}",
            loop,
            "    optimizer.zero_grad()",
            f"    loss = model({', '.join(given)})",
            *(f"    {line}" for line in self._pulled(trained)),
            "    optimizer.step()",
            f"    if step % {every} == 0:",
            "        print(step, loss.item())",
            "for name, value in model.named_parameters():",
            '    print(name, "=", value.detach().numpy())',
        ]

    def _check_batches(self, data: Sequence[str], sizes: set[int]) -> None:
        """Refuse NumPy code that holds numbers derived from how many rows there are.

        Raises:
            GraphError: a node has such code.
        """
        graph = self._outline.found.graph
        for size in sizes if self._in_numpy else ():
            part = graph.set_values({name: self._outline.value(name)[:size] for name in data})
            few, all_rows = Functions(Outline.of(part), Names()), Functions(self._outline, Names())
            for name in self._in_numpy:
                few.of(name), all_rows.of(name)
                if few.texts() != all_rows.texts():
                    raise GraphError(
                        mark(
                            "core",
                            "{node}: PyTorch has no {op} like this, and the NumPy code that takes "
                            "its place holds for one number of rows: train on all rows at once",
                        ),
                        node=name,
                        op=graph.nodes[name].op,
                    )


def _says_the_same(op: type[Op], settings: Mapping[str, SettingValue]) -> bool:
    """Return whether PyTorch has the op with these settings: no negative step, and some axes."""
    backwards = re.search(r"::-", str(settings.get("index", "")))
    return bool(op.torch) and settings.get("axis") != () and not backwards


def _said_out(
    op: type[Op], kind: str, shapes: tuple[Shape, ...], settings: Mapping[str, SettingValue]
) -> tuple[int, ...]:
    """Return the axes that None stands for: all, reversed, or those of size 1 (PyTorch asks)."""
    every = tuple(range(len(shapes[0])))
    if kind == "axes":
        return every[::-1]
    try:
        op.shape(*shapes, **{**settings, "axis": every})
    except OpError:
        return tuple(axis for axis in every if shapes[0][axis] == 1)
    return every


def _tensor(value: Array, indent: int = 0) -> str:
    array = np.asarray(value)
    if not array.size:
        return f"torch.zeros({array.shape}, dtype=torch.float64)"
    return f"torch.tensor({lists_text(array, indent)}, dtype=torch.float64)"

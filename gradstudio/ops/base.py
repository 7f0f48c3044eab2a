"""What every op states of itself, the registry it enters by being defined, and how to apply it.

An op is a class that is never instantiated: its rules are pure static methods. Rules are written
in NumPy's vocabulary and run on arrays and on tracers alike; what NumPy has no word for is said
with `apply`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeAlias

import numpy as np
import numpy.typing as npt

from gradstudio.errors import GradStudioError, GraphError, OpError, Phrase, mark
from gradstudio.ops.settings import Setting, SettingValue

Array: TypeAlias = npt.NDArray[Any]
Shape: TypeAlias = tuple[int, ...]

REGISTRY: dict[str, type[Op]] = {}
LARGEST_RESULT_BYTES = 2**30
"""A result that would need more is refused before it is allocated."""
MOST_AXES = 32


class Op:
    """One operation and every rule of it; defining a subclass with a `name` registers it.

    Rules (static methods; arrays positional, settings keyword-only, pure):

    - `forward(*inputs, **settings)`: the value.
    - `vjp(g, out, *inputs, **settings)`: for each input the cotangent `g` (the shape of `out`)
      pulled back through the op, or None where there is no derivative. Entries that broadcasting
      repeated need not be summed: the caller does that once, for all ops.
    - `jvp(port, t, out, *inputs, **settings)`: the tangent of the output for the tangent `t` (the
      shape of input number `port`) of that one input.
    - `shape(*shapes, **settings)`: the shape of the output, or an `OpError` that says which input
      has which shape and what would fit.
    - `kink(*inputs, **settings)`: entries that are zero exactly where the op has a kink, or None
      for a smooth op; what the rules choose there is said in `tie_rule`.
    - `defined(*inputs, **settings)`: where the op is defined, entry by entry; what it is elsewhere
      is said in `undefined`. True for an op that is defined everywhere.
    - `operations(out, *shapes, **settings)`: about how many multiplications and additions a value
      of shape `out` takes; one an entry where it says nothing.
    - `draw(rng, shapes, **settings)`: inputs of the given shapes inside `domain`, for checks.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    """What the palette calls it; the name where it says nothing."""
    symbol: ClassVar[str] = ""
    """What the canvas writes into the node."""
    group: ClassVar[str] = ""
    inputs: ClassVar[tuple[str, ...]] = ()
    variadic: ClassVar[bool] = False
    """True where the last port may be repeated: x1, x2, …"""
    settings: ClassVar[tuple[Setting, ...]] = ()
    leaf: ClassVar[bool] = False
    listed: ClassVar[bool] = True
    """False for the ops only derivatives need; the palette does not offer them."""

    teaching: ClassVar[str] = ""
    """How the gradient flows here, in one plain sentence."""
    pattern: ClassVar[str] = ""
    """The lecture's word for that flow: distributor, swap, router, …"""
    tie_rule: ClassVar[str] = ""
    undefined: ClassVar[str] = ""
    """Where the op has no finite value, said for the student who just met it."""
    local: ClassVar[tuple[str, ...]] = ()
    """For each input the factor that multiplies the upstream `g`, in symbols (`x`, `y`, `out`)."""
    downstream: ClassVar[tuple[str, ...]] = ()
    """For each input the whole product, where it is not `g` times a factor entry by entry."""

    formula: ClassVar[str] = ""
    """How it is written, `{x} * {y}`; empty for a call by name."""
    precedence: ClassVar[int] = 9
    """How tightly `formula` binds: 1 comparison, 2 + and -, 3 * / @, 4 minus, 5 **, 9 call."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other names the formula language takes for it."""
    keywords: ClassVar[tuple[str, ...]] = ()
    """What else people call it, in any language or sign; only searches know these."""
    torch: ClassVar[str] = ""
    """The same in PyTorch, `torch.maximum({x}, {y})`."""
    labels: ClassVar[tuple[str, ...]] = ()
    """The inputs that hold class numbers, which PyTorch wants as integers."""
    numpy_code: ClassVar[str] = ""
    """How NumPy computes the value, where `forward` cannot be recorded for it (it writes into an
    array): an expression such as `np.eye({classes})[{x}]`, or a function, `def name(x, *, axis):`.
    """
    latex: ClassVar[str] = ""
    """How a book writes it, `\\sigma({x})`; empty for what `forward` asks of NumPy, or the name."""
    expansion: ClassVar[str] = ""
    """What it is composed of: a formula of its ports, with its settings in braces."""
    neutral: ClassVar[tuple[tuple[int, float], ...]] = ()
    """The inputs, and the number each may be, at which the op returns its other input."""
    keeps_entries: ClassVar[bool] = False
    """Whether a result that has the shape of the input is the input."""
    other_expansions: ClassVar[tuple[str, ...]] = ()
    """The same for inputs of other shapes, where one formula cannot say both."""

    numpy: ClassVar[Callable[..., Any] | None] = None
    """The NumPy function that means this op when a tracer is among its arguments."""
    domain: ClassVar[tuple[tuple[float, float], ...]] = ()
    """For each input an interval in which the op is finite; (-2, 2) where it says nothing."""
    samples: ClassVar[tuple[tuple[tuple[Shape, ...], Mapping[str, SettingValue]], ...]] = ()
    """Input shapes and settings worth checking, the special cases among them."""

    forward: ClassVar[Callable[..., Any]]
    vjp: ClassVar[Callable[..., Any]]
    jvp: ClassVar[Callable[..., Any]]
    shape: ClassVar[Callable[..., Any]]
    kink: ClassVar[Callable[..., Any]] = staticmethod(lambda *inputs, **settings: None)
    defined: ClassVar[Callable[..., Any]] = staticmethod(lambda *inputs, **settings: True)
    operations: ClassVar[Callable[..., int]] = staticmethod(
        lambda out, *shapes, **settings: max(map(math.prod, (out, *shapes)))
    )

    def __init_subclass__(cls) -> None:
        """Enter the class into the registry under its name."""
        if cls.__dict__.get("name"):
            if cls.name in REGISTRY:
                raise TypeError(f"two ops are called {cls.name!r}")
            cls.title = cls.__dict__.get("title", cls.name)
            REGISTRY[cls.name] = cls

    @classmethod
    def draw(
        cls, rng: np.random.Generator, shapes: tuple[Shape, ...], **settings: SettingValue
    ) -> tuple[Array, ...]:
        """Draw inputs of `shapes` uniformly from `domain`."""
        domain = cls.domain or ((-2.0, 2.0),) * len(shapes)
        bounds = domain + (domain[-1],) * (len(shapes) - len(domain)) if shapes else ()
        return tuple(
            np.asarray(rng.uniform(low, high, shape))
            for (low, high), shape in zip(bounds, shapes, strict=False)
        )

    @classmethod
    def expanded(
        cls, shapes: tuple[Shape, ...], settings: Mapping[str, SettingValue]
    ) -> tuple[str, dict[str, object]]:
        """Return the expansion for inputs of `shapes`, and what stands in its braces.

        Args:
            shapes: of the inputs.
            settings: all of them, those at their default too.
        """
        return cls.expansion, dict(settings)

    @classmethod
    def ports(cls, count: int) -> tuple[str, ...]:
        """Return the names of the ports of a node of this op that has `count` inputs."""
        if not cls.variadic:
            return cls.inputs
        fixed, last = cls.inputs[:-1], cls.inputs[-1]
        return fixed + tuple(f"{last}{i + 1}" for i in range(max(1, count - len(fixed))))

    @classmethod
    def checked_settings(
        cls, given: Mapping[str, SettingValue], node: str | None = None
    ) -> dict[str, SettingValue]:
        """Return the settings in normal form; those at their default are left out.

        Raises:
            GraphError: one is unknown or not of its kind; the message names `node`.
        """
        known = {setting.name: setting for setting in cls.settings}
        checked: dict[str, SettingValue] = {}
        for key, value in given.items():
            if key not in known:
                raise GraphError(
                    mark("core", "{node}: {op} has no setting “{setting}”; it has: {known}"),
                    node=node,
                    op=cls.name,
                    setting=key[:80],
                    known=", ".join(known) or "–",
                )
            try:
                normal = known[key].checked(value)
            except ValueError as wrong:
                raise GraphError(
                    mark("core", "{node}: the setting {setting} of {op} takes {kind}, not {value}"),
                    node=node,
                    setting=key,
                    op=cls.name,
                    kind=GradStudioError(str(wrong)),
                    value=repr(value)[:80],
                ) from None
            if normal != known[key].default:
                checked[key] = normal
        return checked


def op_named(name: str, node: str | None = None) -> type[Op]:
    """Return the op called `name`.

    Raises:
        GraphError: there is none; the message names `node`.
    """
    try:
        return REGISTRY[name]
    except KeyError:
        raise GraphError(
            mark("core", "{node}: there is no op called “{op}”"), node=node, op=name[:80]
        ) from None


class Traceable(np.lib.mixins.NDArrayOperatorsMixin):
    """Stands for an array in a rule, and records what is done to it by NumPy's protocols.

    Three things are recorded: ops (`engine.tracing`), the calls of NumPy a compiled step makes
    (`engine.recording`), and those that code is written from (`emit.calls`).
    """

    shape: Shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def trace(self, op: type[Op], inputs: tuple[Any, ...], settings: dict[str, Any]) -> Any:
        """Record `op` on `inputs` and return what stands for the result."""
        raise NotImplementedError

    def call(self, function: Any, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        """Record a call of a NumPy function and return what stands for the result.

        Raises:
            TypeError: there is no record of such a call.
        """
        raise NotImplementedError

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        """Record a NumPy function of arrays, entry by entry."""
        if method != "__call__" or keywords:
            raise TypeError(f"numpy.{ufunc.__name__}.{method} with {list(keywords)} is no call")
        return self.call(ufunc, inputs, {})

    def __array_function__(
        self, function: Any, types: Any, args: tuple[Any, ...], keywords: Mapping[str, Any]
    ) -> Any:
        """Record a NumPy function of whole arrays."""
        return self.call(function, args, keywords)

    __hash__ = object.__hash__


def apply(op: type[Op], *inputs: Any, **settings: Any) -> Any:
    """Apply `op`: compute on arrays, record on tracers."""
    for value in inputs:
        if isinstance(value, Traceable):
            return value.trace(op, inputs, settings)
    return op.forward(*inputs, **settings)


def unbroadcast(g: Any, shape: Shape) -> Any:
    """Sum `g` over the entries that broadcasting had repeated, back to `shape`.

    A `g` that is smaller than `shape` stands for equal entries and is spread instead, so a
    cotangent (and, called with the output's shape, a tangent) always has the shape of its value.
    """
    if g.shape == shape:
        return g
    extra = len(g.shape) - len(shape)
    aligned = (1,) * extra + shape if extra > 0 else shape[-extra:]
    axes = tuple(
        axis
        for axis, (have, want) in enumerate(zip(g.shape, aligned, strict=True))
        if axis < extra or (want == 1 and have != 1)
    )
    if axes:
        g = np.sum(g, axis=axes, keepdims=True)
    if extra > 0:
        g = np.reshape(g, g.shape[extra:])
    return g if g.shape == shape else np.broadcast_to(g, shape)


SCALAR = Phrase(mark("core", "scalar"))


def shape_text(shape: Shape) -> str:
    """Return `shape` as it is said everywhere: `scalar`, `(3)`, `(5, 3)`."""
    return f"({', '.join(map(str, shape))})" if shape else SCALAR


def checked_shape(
    op: type[Op], shapes: Iterable[Shape], settings: Mapping[str, SettingValue]
) -> Shape:
    """Return the shape of the result of `op`, before anything is computed.

    Raises:
        OpError: the shapes do not fit, or the result has more than `MOST_AXES` axes or would take
            more than `LARGEST_RESULT_BYTES`.
    """
    shape: Shape = op.shape(*shapes, **settings)
    check_size(shape)
    return shape


def check_size(shape: Shape) -> None:
    """Refuse an array before it is allocated if it would be too large.

    Raises:
        OpError: it has too many axes, or is too large (an axis of size 0 makes no room for others
            beyond all bounds, which NumPy cannot count).
    """
    if len(shape) > MOST_AXES:
        raise OpError(
            mark("core", "the result would have {axes} axes; at most {most} are allowed"),
            axes=len(shape),
            most=MOST_AXES,
        )
    size = math.prod(n or 1 for n in shape) * 8
    if size > LARGEST_RESULT_BYTES:
        raise OpError(
            mark(
                "core",
                "the result {shape} would take {size:.1f} GiB; at most {most:.0f} are allowed",
            ),
            shape=shape_text(shape),
            size=size / 2**30,
            most=LARGEST_RESULT_BYTES / 2**30,
        )


def broadcast_shape(op: type[Op], *shapes: Shape) -> Shape:
    """Return the shape NumPy's broadcasting gives.

    Raises:
        OpError: two inputs do not broadcast; the message says which, and what would.
    """
    first = shapes[0]
    if all(shape == first or not shape for shape in shapes):
        return first
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        ports = op.ports(len(shapes))
        said = ", ".join(
            f"{port} {shape_text(shape)}" for port, shape in zip(ports, shapes, strict=True)
        )
        raise OpError(
            mark(
                "core",
                "the shapes {shapes} do not broadcast: counted from the right, sizes must be "
                "equal or 1",
            ),
            shapes=said,
        ) from None


class Elementwise(Op):
    """An op that works entry by entry: inputs broadcast, and its Jacobian is diagonal.

    A diagonal matrix is its own transpose, so the tangent rule is the cotangent rule.
    """

    def __init_subclass__(cls) -> None:
        """Give the class its shape rule, its tangent rule and the usual shapes to check."""
        super().__init_subclass__()

        def shape(*shapes: Shape) -> Shape:
            return broadcast_shape(cls, *shapes) if len(shapes) > 1 else shapes[0]

        def jvp(port: int, t: Any, out: Any, *inputs: Any, **settings: Any) -> Any:
            return cls.vjp(t, out, *inputs, **settings)[port]

        if "shape" not in cls.__dict__:
            cls.shape = staticmethod(lambda *shapes, **settings: shape(*shapes))
        if "jvp" not in cls.__dict__:
            cls.jvp = staticmethod(jvp)
        if "samples" not in cls.__dict__:
            cls.samples = tuple((shapes, {}) for shapes in _BROADCASTS[len(cls.inputs)])


_BROADCASTS: dict[int, tuple[tuple[Shape, ...], ...]] = {
    1: (((),), ((3,),), ((2, 3),), ((0, 3),)),
    2: (
        ((), ()),
        ((3,), (3,)),
        ((2, 3), ()),
        ((), (2, 3)),
        ((2, 3), (3,)),
        ((2, 1), (3,)),
        ((2, 1, 3), (4, 1)),
        ((1,), (2, 3)),
        ((0, 3), (3,)),
        ((0, 1), (1, 3)),
    ),
    3: (((), (), ()), ((2, 3), (3,), ()), ((2, 1), (1, 3), (2, 3)), ((0, 1), (1,), (3,))),
}

"""A figure that is held back: a value that can be shown as a mark, and never be counted with.

Hidden is neither nought nor not recorded.  Programs that took it for either have told of
every child in a group, so whatever would make a number, a text by a number's format, an
order or a truth of it raises instead.
"""

from collections.abc import Iterator
from typing import Final, NoReturn, final

#: As DfE prints it in its own tables: confidential.
MARK: Final = "c"


class SuppressedError(TypeError):
    """Somebody tried to count with a figure that is held back."""


@final
class Suppressed:
    """A figure that is held back.  There is one, `HIDDEN`; ask with `is`.

    It is printed as `MARK`, and equal to nothing but itself.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return MARK

    def __format__(self, spec: str) -> str:
        if spec.strip("<>^0123456789"):
            self._refuse()
        return format(MARK, spec.lstrip("0"))

    def __reduce__(self) -> str:
        return "HIDDEN"

    def _refuse(self, *_: object) -> NoReturn:
        raise SuppressedError("a figure that is held back cannot be counted, compared or drawn")

    def __iter__(self) -> Iterator[NoReturn]:
        self._refuse()

    def __eq__(self, other: object) -> bool:
        if other is not self:
            self._refuse()
        return True

    # a set or a key would tell one hidden figure from another
    __hash__: None = None  # type: ignore[assignment]

    # a number's and an order's, one by one: a library that looks for any of them finds this
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _refuse
    __pow__ = __rpow__ = __divmod__ = __rdivmod__ = __matmul__ = __rmatmul__ = _refuse
    __neg__ = __pos__ = __abs__ = __round__ = __trunc__ = __floor__ = __ceil__ = _refuse
    __int__ = __float__ = __complex__ = __index__ = __bool__ = __len__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse


HIDDEN: Final = Suppressed()

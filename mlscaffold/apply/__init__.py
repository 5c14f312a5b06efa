"""The only writer of an existing repository: a set of changes as a whole, whatever happens in between."""

from mlscaffold.apply.found import Odd, found
from mlscaffold.apply.run import Applied, Recovered, apply, recover

__all__ = ["Applied", "Odd", "Recovered", "apply", "found", "recover"]

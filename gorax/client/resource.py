"""How a method that is written once becomes one of both clients.

A resource's methods only build what is to be done. Read from the resource of a `Gorax` they do it and return the
result; read from that of an `AsyncGorax` they return a coroutine, or an async iterator.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar, overload

from gorax.client.calls import Call, Method, Operation
from gorax.client.connection import Connection
from gorax.client.flows import Emit, Feed, Flow
from gorax.client.models.common import Part
from gorax.client.runners import Blocking, Concurrent

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R", Blocking, Concurrent)


class Resource(Generic[R]):
    """A group of operations."""

    def __init__(self, connection: Connection, runner: R) -> None:
        """Of a client, which owns the runner."""
        self._connection = connection
        self._runner: R = runner


class Returning(Generic[P, T_co]):
    """A method that returns what a flow does."""

    def __init__(self, flow: Callable[Concatenate[Any, P], Flow[T_co]]) -> None:
        """Of a function of a resource and the method's arguments."""
        self._flow = flow
        self.__doc__ = flow.__doc__

    def flow(self, resource: Resource[Any], /, *args: P.args, **kwargs: P.kwargs) -> Flow[T_co]:
        """The same as a part of another flow."""
        return self._flow(resource, *args, **kwargs)

    @overload
    def __get__(self, instance: Resource[Blocking], owner: type) -> Callable[P, T_co]: ...

    @overload
    def __get__(
        self, instance: Resource[Concurrent], owner: type
    ) -> Callable[P, Coroutine[Any, Any, T_co]]: ...

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self

        @wraps(self._flow)
        def method(*args: P.args, **kwargs: P.kwargs) -> Any:
            return instance._runner.run(self.flow(instance, *args, **kwargs))

        return method


class Iterating(Generic[P, T_co]):
    """A method that returns an iterator."""

    def __init__(self, feed: Callable[Concatenate[Any, P], Feed[T_co]]) -> None:
        """Of a function of a resource and the method's arguments."""
        self._feed = feed
        self.__doc__ = feed.__doc__

    @overload
    def __get__(self, instance: Resource[Blocking], owner: type) -> Callable[P, Iterator[T_co]]: ...

    @overload
    def __get__(self, instance: Resource[Concurrent], owner: type) -> Callable[P, AsyncIterator[T_co]]: ...

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self

        @wraps(self._feed)
        def method(*args: P.args, **kwargs: P.kwargs) -> Any:
            return instance._runner.iterate(self._feed(instance, *args, **kwargs))

        return method


class Calling(Returning[P, T_co]):
    """A method that calls one operation."""

    def __init__(self, operation: Operation, build: Callable[Concatenate[Any, P], Call[T_co]]) -> None:
        """Of a function that says what a call with these arguments is."""
        self.operation = operation
        self.build = build

        @wraps(build)
        def flow(resource: Resource[Any], /, *args: P.args, **kwargs: P.kwargs) -> Flow[T_co]:
            return resource._connection.perform(operation, build(resource, *args, **kwargs))

        super().__init__(flow)


def operation(
    operation_id: str,
    method: Method,
    path: str,
    *,
    repeatable: bool = False,
    keyed: bool = False,
    anonymous: bool = False,
    accepts: tuple[int, ...] = (),
) -> Callable[[Callable[Concatenate[Any, P], Call[T]]], Calling[P, T]]:
    """Makes a method of a function that builds calls; see `Operation`."""
    described = Operation(operation_id, method, path, repeatable, keyed, anonymous, frozenset(accepts))
    return lambda build: Calling(described, build)


def every(listing: Calling[P, Part[T]]) -> Iterating[P, T]:
    """Makes, of a method that gives a part of a list, one that goes through the whole list, part by part."""

    @wraps(listing.build)
    def feed(resource: Resource[Any], /, *args: P.args, **kwargs: P.kwargs) -> Feed[T]:
        call = listing.build(resource, *args, **kwargs)
        while True:
            part = yield from resource._connection.perform(listing.operation, call)
            for item in part.items:
                yield Emit(item)
            going_on = part.going_on
            if going_on is None:
                return
            call = call.going_on(going_on)

    return Iterating(feed)

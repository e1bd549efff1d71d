package io.provision.walls.left;

import io.provision.walls.right.Right;

/** Half of a circle: what the tests of the walls must see. */
public record Left(Right other) {}

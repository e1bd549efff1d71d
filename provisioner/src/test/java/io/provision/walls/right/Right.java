package io.provision.walls.right;

import io.provision.walls.left.Left;

/** The other half of a circle: what the tests of the walls must see. */
public record Right(Left other) {}

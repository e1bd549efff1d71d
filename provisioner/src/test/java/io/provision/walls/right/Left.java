package io.provision.walls.right;

/** Has the name of a class of the other package. */
final class Left {
  private Left() {}
}

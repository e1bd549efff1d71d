package io.provision.console;

/** The size of a screen; where it cannot be told, both are what a bare terminal has. */
record Screen(int rows, int columns) {
  static final Screen USUAL = new Screen(24, 80);
}

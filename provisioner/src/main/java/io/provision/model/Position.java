package io.provision.model;

/** Where something was written: a file, its line and column, both from 1. */
public record Position(String file, int line, int column) {
  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}

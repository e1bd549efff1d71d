package io.provision.render;

import java.nio.file.Path;
import java.util.Optional;

/** What a template is called, and where it is found: empty for the program's own. */
record TemplateName(String name, Optional<Path> directory) {
  @Override
  public String toString() {
    return directory.map(it -> it.resolve(name).toString()).orElse("templates/" + name);
  }
}

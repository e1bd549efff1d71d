package io.provision.render;

import io.provision.model.Content;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A FreeMarker template: {@code os/hosts.ftl} of the program's own (templates/ in the source), or a
 * file of the user's. FreeMarker is loaded when the first one is rendered.
 *
 * <p>It sees the model's components by their names and nothing else; what is undefined is an error.
 * Numbers and booleans come out as a computer reads them.
 */
public record Template(String name, Optional<Path> directory) {

  /** One of the program's own. */
  public static Template of(String name) {
    return new Template(name, Optional.empty());
  }

  /** A file of the user's; what it includes must be in the same directory or below. */
  public static Template file(Path file) {
    var whole = file.toAbsolutePath().normalize();
    var parent = whole.getParent();
    if (parent == null) {
      throw new RenderException("'%s' is not a file".formatted(file), null);
    }
    return new Template(String.valueOf(whole.getFileName()), Optional.of(parent));
  }

  /**
   * What it says with this model.
   *
   * @return sensitive content, if any part of the model is a secret
   * @throws RenderException naming the template, its line and what is wrong
   */
  public Content render(Record model) {
    if (directory.isPresent()) {
      return rendered(model);
    }
    var asked = new RenderCache.Asked(file(), model);
    var said = RenderCache.TEXTS.find(asked);
    return said.orElseGet(() -> {
      var content = rendered(model);
      RenderCache.TEXTS.keep(asked, content);
      return content;
    });
  }

  private TemplateName file() {
    return new TemplateName(name, directory);
  }

  private Content rendered(Record model) {
    var plain = PlainModel.of(model);
    var text = Engine.render(file(), plain.values());
    return plain.holdsSecret()
        ? new Content.Sensitive(io.provision.model.Secret.of(text))
        : Content.of(text);
  }

  @Override
  public String toString() {
    return file().toString();
  }
}

package io.provision.render;

import io.provision.model.Content;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the program's own templates said lately: most files are the same on every host, and each is
 * asked for once to look and once to compare. Secrets are not kept.
 */
final class RenderCache {
  static final RenderCache TEXTS = new RenderCache();
  private static final int MOST = 64;

  /** Models are records of immutable parts, so equal ones say the same. */
  record Asked(TemplateName template, Record model) {}

  private final Map<Asked, Content> contents =
      new LinkedHashMap<>(MOST, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Content> eldest) {
          return size() > MOST;
        }
      };

  private RenderCache() {}

  synchronized Optional<Content> find(Asked asked) {
    return Optional.ofNullable(contents.get(asked));
  }

  synchronized void keep(Asked asked, Content content) {
    if (content instanceof Content.Plain) {
      contents.put(asked, content);
    }
  }
}

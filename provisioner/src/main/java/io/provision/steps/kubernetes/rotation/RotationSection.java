package io.provision.steps.kubernetes.rotation;

import io.provision.model.rotation.Rotation;
import io.provision.model.window.Windows;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.Source;
import io.provision.section.TimeSpan;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** What the inventory says below {@code cluster.rotation}. */
public record RotationSection(
    Source source,
    @Key(
            value =
                "When a host may be taken out of use for its reboot: days, a time until another, a time zone; or cron with a length.",
            example = "[\"Sat,Sun 02:00-05:00 Asia/Seoul\"]")
        Optional<List<WindowText>> windows,
    @Key(
            value =
                "How long after its boot a node is rebooted, whether its system wants that or not; an hour at least. Without it only nodes that want it are.",
            example = "30d")
        Optional<TimeSpan> olderThan)
    implements Section {
  @Override
  public Rotation settled() {
    return new Rotation(
        windows.map(all -> new Windows(all.stream().map(WindowText::window).toList())),
        olderThan.map(TimeSpan::duration));
  }

  @Override
  public void check(Outline outline, Findings findings) {
    var positions = source.itemsAt("windows");
    if (!source.has("windows") && !source.has("older_than")) {
      findings.add(source.position(), "there is nothing in it. write 'windows', or take it out.");
    }
    if (source.has("windows") && positions.isEmpty()) {
      findings.add(
          source.at("windows"),
          "there is no window in it, so that no host could ever be rebooted. write one, or take 'rotation' out.");
    }
    olderThan.ifPresent(it -> {
      try {
        var _ = Rotation.PLAIN.olderThan(it.duration());
      } catch (IllegalArgumentException e) {
        findings.add(source.at("older_than"), String.valueOf(e.getMessage()));
      }
    });
    var seen = new HashSet<String>();
    var all = windows.orElse(List.of());
    for (var i = 0; i < all.size() && all.size() == positions.size(); i++) {
      if (!seen.add(all.get(i).text())) {
        findings.add(
            positions.get(i),
            "'%s' stands there twice. take one out.".formatted(all.get(i).text()));
      }
    }
  }
}

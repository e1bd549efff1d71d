package io.provision.steps.kubernetes.rotation;

import io.provision.model.window.Windows;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.Source;
import java.util.HashSet;
import java.util.List;

/** What the inventory says below {@code cluster.rotation}. */
public record RotationSection(
    Source source,
    @Key(
            value =
                "When a node may be taken out of use for its reboot: days, a time until another, a time zone; or cron with a length.",
            example = "[\"Sat,Sun 02:00-05:00 Asia/Seoul\"]")
        List<WindowText> windows)
    implements Section {
  @Override
  public Windows settled() {
    return new Windows(windows.stream().map(WindowText::window).toList());
  }

  @Override
  public void check(Outline outline, Findings findings) {
    outline.onlyOfKubernetes("rotation", source, findings);
    var positions = source.itemsAt("windows");
    if (source.has("windows") && positions.isEmpty()) {
      findings.add(
          source.at("windows"),
          "there is no window in it, so that no node could ever be rebooted. write one, or take 'rotation' out.");
    }
    var seen = new HashSet<String>();
    for (var i = 0; i < windows.size() && windows.size() == positions.size(); i++) {
      if (!seen.add(windows.get(i).text())) {
        findings.add(
            positions.get(i),
            "'%s' stands there twice. take one out.".formatted(windows.get(i).text()));
      }
    }
  }
}

package io.provision.steps.kubernetes.rotation;

import io.provision.model.rotation.OwnSteps;
import io.provision.model.rotation.Reporting;
import io.provision.model.rotation.Rotation;
import io.provision.model.window.Windows;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Outline;
import io.provision.section.Section;
import io.provision.section.Source;
import io.provision.section.TimeSpan;
import java.nio.file.Path;
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
        Optional<TimeSpan> olderThan,
    @Key(
            value =
                "Whether pods that a drain has crowded together stay where they are; else one of each workload is moved to a node that is back and has none.",
            usual = "false")
        boolean leaveCrowded,
    @Key(
            value =
                "How many workers may be away at a time, those that are not Ready for other reasons among them. Control planes and hosts with bricks go one by one, whatever it says.",
            usual = "1",
            example = "2")
        Optional<NodeCount> maxUnavailable,
    @Key(
            "Checks of your own: all must pass before a host is taken out of use, again before its reboot, and before it is given back.")
        Optional<List<OwnCheckSection>> checks,
    @Key("Programs of your own, run before a host is drained and after its return.")
        Optional<OwnHooksSection> hooks,
    @Key(
            value =
                "A file of this machine that is replaced at the end of each rotation with its outcome, for the textfile collector of a node_exporter, which reads names that end with .prom.",
            example = "/var/lib/prometheus/node-exporter/provision.prom")
        Optional<Path> metrics,
    @Key("Who is told of a rotation.") Optional<List<NotificationSection>> notifications)
    implements Section {
  private static final List<String> KEYS =
      List.of(
          "windows",
          "older_than",
          "leave_crowded",
          "max_unavailable",
          "checks",
          "hooks",
          "metrics",
          "notifications");

  @Override
  public Rotation settled() {
    return new Rotation(
            windows.map(all -> new Windows(all.stream().map(WindowText::window).toList())),
            olderThan.map(TimeSpan::duration),
            leaveCrowded,
            own(),
            new Reporting(
                metrics,
                notifications.orElse(List.of()).stream()
                    .map(NotificationSection::settled)
                    .flatMap(Optional::stream)
                    .toList()))
        .abreast(maxUnavailable.map(NodeCount::value).orElse(1));
  }

  private OwnSteps own() {
    return new OwnSteps(
        checks.orElse(List.of()).stream().map(OwnCheckSection::settled).toList(),
        hooks.map(it -> it.settled(it.beforeDrain())).orElse(List.of()),
        hooks.map(it -> it.settled(it.afterReturn())).orElse(List.of()));
  }

  private void checkOwn(Findings findings) {
    hooks.ifPresent(it -> it.check(findings));
    var names = new HashSet<String>();
    for (var check : checks.orElse(List.of())) {
      check.check(findings);
      check
          .name()
          .filter(it -> !names.add(it.value()))
          .ifPresent(it ->
              findings.add(
                  check.source().at("name"),
                  "'%s' stands there twice. give one another name.".formatted(it.value())));
    }
    if (source.has("checks") && source.itemsAt("checks").isEmpty() && names.isEmpty()) {
      findings.add(source.at("checks"), "there is no check in it. write one, or take it out.");
    }
  }

  @Override
  public void check(Outline outline, Findings findings) {
    var positions = source.itemsAt("windows");
    checkOwn(findings);
    if (source.has("max_unavailable")
        && outline.distribution().filter(it -> !it.isKubernetes()).isPresent()) {
      findings.add(
          source.at("max_unavailable"),
          "without a Kubernetes nobody takes over what a host does, and they go one by one. take it out.");
    }
    if (KEYS.stream().noneMatch(source::has)) {
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
    if (source.has("notifications") && source.itemsAt("notifications").isEmpty()) {
      findings.add(source.at("notifications"), "nobody stands in it. write whom, or take it out.");
    }
    notifications.orElse(List.of()).forEach(it -> it.check(findings));
    metrics
        .filter(it -> !it.toString().endsWith(".prom"))
        .ifPresent(it ->
            findings.add(
                source.at("metrics"),
                "'%s' does not end with '.prom', and no node_exporter would read it. write provision.prom at its end."
                    .formatted(it)));
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

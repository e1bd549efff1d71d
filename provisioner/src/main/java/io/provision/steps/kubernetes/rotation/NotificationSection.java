package io.provision.steps.kubernetes.rotation;

import io.provision.model.Secret;
import io.provision.model.rotation.Notification;
import io.provision.model.rotation.Notification.Occasion;
import io.provision.section.Findings;
import io.provision.section.Key;
import io.provision.section.Source;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Who is told of a rotation, as it is written. */
record NotificationSection(
    Source source,
    @Key(
            value =
                "The URL that is posted to, from this machine: https, or http to an address that is private or this machine's own. It is never shown.",
            example = "\"${file:/etc/provision/webhook}\"")
        Optional<Secret> webhook,
    @Key(
            value = "json for an object of our own, slack for what Slack and those like it take.",
            usual = "json")
        Optional<Notification.Form> form,
    @Key(
            value =
                "begin (the first host goes out of use), end (it did something and ended well), failure (its exit code is not 0), always (any end, also where there was nothing to do).",
            usual = "failure and end",
            example = "[failure, end, begin]")
        Optional<List<Occasion>> on) {
  static final List<String> REQUIRED = List.of("webhook");

  void check(Findings findings) {
    var all = on.orElse(List.of());
    if (source.has("on") && source.itemsAt("on").isEmpty()) {
      findings.add(
          source.at("on"), "nothing would ever be told. write [failure, end], or take 'on' out.");
    }
    if (all.size() > EnumSet.copyOf(all.isEmpty() ? Notification.USUAL : all).size()
        && !all.isEmpty()) {
      findings.add(source.at("on"), "something stands there twice. take one out.");
    }
    if (all.contains(Occasion.ALWAYS)
        && (all.contains(Occasion.END) || all.contains(Occasion.FAILURE))) {
      findings.add(
          source.at("on"),
          "'always' tells of each end and each failure too. take these out, or 'always'.");
    }
  }

  Optional<Notification> settled() {
    return webhook.map(it ->
        new Notification(
            it,
            form.orElse(Notification.Form.JSON),
            on.<java.util.Set<Occasion>>map(EnumSet::copyOf).orElse(Notification.USUAL)));
  }
}

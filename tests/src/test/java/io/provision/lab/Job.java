package io.provision.lab;

import java.util.List;

/** The playbook for plain hosts and the benchmark's, as one that has every step for such a host. */
final class Job {
  private static final List<String> TEMPLATES =
      List.of("containerd-config.toml.ftl", "k3s-config.yaml.ftl");

  private Job() {}

  /** Writes it beside the lab's inventory; returns its path for {@code playbook:}. */
  static String in(Lab lab) {
    for (var template : TEMPLATES) {
      lab.write(
          "playbooks/templates/" + template,
          Checkout.text(Checkout.file("tests/bench/templates/" + template)));
    }
    lab.write(
        "playbooks/job.yml",
        Checkout.text(Checkout.file("playbooks/none.yml"))
            + Checkout.text(Checkout.file("tests/bench/job.yml")));
    return "playbooks/job.yml";
  }
}

package io.provision.lab;

import java.util.List;

/** The playbooks that come with the product, as one that has every step for a plain host. */
final class Job {
  private static final List<String> TEMPLATES =
      List.of("containerd-config.toml.ftl", "k3s-config.yaml.ftl");

  private Job() {}

  /** Writes it beside the lab's inventory; returns its path for {@code playbook:}. */
  static String in(Lab lab) {
    for (var template : TEMPLATES) {
      var path = "templates/bench/" + template;
      lab.write(path, Checkout.text(Checkout.file(path)));
    }
    lab.write(
        "playbooks/job.yml",
        Checkout.text(Checkout.file("playbooks/none.yml"))
            + Checkout.text(Checkout.file("playbooks/bench.yml")));
    return "playbooks/job.yml";
  }
}

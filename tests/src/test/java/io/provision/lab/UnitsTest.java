package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Units and their files on a real systemd: what restarts them, and what does not. */
@Tag("hosts")
class UnitsTest {
  private static Lab lab;

  @BeforeAll
  static void start() {
    lab = Lab.of(1);
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @Test
  void newUnitsStartAndAreRestartedForTheirOwnFilesAlone() {
    inventory("two units", units("300"));
    assertThat(apply().total("changed")).isEqualTo(4);
    assertThat(apply().total("changed")).isZero();
    var started = invocations();

    // From systemd 255 on every unit then says that it needs a reload.
    lab.node(1).sh("systemctl disable --no-reload ssh; systemctl enable --no-reload ssh");
    assertThat(plan().exits(0).total("would_change")).isZero();

    // Both, though the first one's restart has systemd read the second one's file too.
    inventory("two units", units("301"));
    assertThat(apply().total("changed")).isEqualTo(4);
    assertThat(lab.node(1).sh("systemctl show -p ExecStart one two")).doesNotContain("sleep 300");
    assertThat(lab.node(1).sh("pgrep -fc '^/bin/sleep 301'").strip()).isEqualTo("2");
    assertThat(invocations()).isNotEqualTo(started);
    assertThat(apply().total("changed")).isZero();
  }

  /**
   * Of a drop-in in a new directory systemd says nothing, and would restart the unit without it.
   */
  @Test
  void aUnitThatRunsAlreadyRecordsWhatItReadsFromItsFirstRestartOn() {
    lab.node(1)
        .sh(
            "printf '[Service]\\nExecStart=/bin/sleep 9999\\n[Install]\\nWantedBy=multi-user.target\\n'"
                + " >/etc/systemd/system/theirs.service; echo a >/etc/theirs.conf;"
                + " systemctl daemon-reload; systemctl enable -q --now theirs");
    inventory("a unit of others", "    - unit: { name: theirs, reads: [/etc/theirs.conf] }\n");
    assertThat(apply().total("changed")).isEqualTo(1);
    assertThat(apply().total("changed")).isZero();
    lab.node(1).sh("echo b >/etc/theirs.conf");
    assertThat(apply().total("changed")).isEqualTo(1);
    assertThat(apply().total("changed")).isZero();
  }

  @Test
  void aFileBehindALinkKeepsItsLinkItsOwnerAndItsMode() {
    lab.node(1)
        .sh(
            "mkdir -p /persist && printf '/dev/vda2 none swap sw 0 0\\n' >/persist/fstab"
                + " && chown lp:mail /persist/fstab && chmod 640 /persist/fstab"
                + " && ln -sf /persist/fstab /etc/fstab");
    var file = inventory("no swap", "    - swap-off\n");
    lab.write(
        "inventory.yml",
        Checkout.text(file).replace("distribution: none", "distribution: none\n  swap: disabled"));
    assertThat(apply().total("changed")).isEqualTo(1);
    assertThat(lab.node(1).sh("readlink /etc/fstab; stat -c '%a %U %G' /persist/fstab").strip())
        .isEqualTo("/persist/fstab\n640 lp mail");
    assertThat(lab.node(1).sh("cat /etc/fstab")).startsWith("# swap off");
  }

  private static String units(String seconds) {
    var text = new StringBuilder();
    for (var name : new String[] {"one", "two"}) {
      text.append(
          """
              - file:
                  path: /etc/systemd/system/%s.service
                  content: |
                    [Service]
                    ExecStart=/bin/sleep %s
                    [Install]
                    WantedBy=multi-user.target
          """
              .formatted(name, seconds));
    }
    return text + "    - unit: { name: one }\n    - unit: { name: two }\n";
  }

  private static Path inventory(String play, String steps) {
    lab.write("units.yml", "- name: %s\n  hosts: all\n  steps:\n%s".formatted(play, steps));
    return lab.inventory("units.yml", Map.of());
  }

  private static Result apply() {
    return lab.provision().json("apply", "inventory.yml").exits(0);
  }

  private static Result plan() {
    return lab.provision().json("plan", "inventory.yml", "--detailed-exitcode");
  }

  private static String invocations() {
    return lab.node(1).sh("systemctl show -p InvocationID one two");
  }
}

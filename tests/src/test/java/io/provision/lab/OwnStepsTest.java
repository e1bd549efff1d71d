package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a user wants asked and run around reboots, and who is told of them: two hosts, a web server
 * that is ill for a while, hooks here and there, a webhook, and a file for a node_exporter.
 */
@Tag("long")
class OwnStepsTest {
  private static final String ROTATION =
      """
        rotation:
          checks:
            - { name: shop answers, http: "http://127.0.0.1:%1$d/shop", within: 5s }
            - { name: not on Fridays, command: [./allowed], within: 5s }
          hooks:
            before_drain:
              - { name: pause, command: [./hook, pause], within: 30s }
              - { name: quiet, command: [/usr/bin/touch, /root/quiet], on: host }
            after_return:
              - { name: resume, command: [./hook, resume], within: 30s }
              - { name: loud, command: [/bin/sh, -c, "rm /root/quiet; sleep 900 >/dev/null 2>&1 &"], on: host }
          metrics: %2$s
          notifications:
            - { webhook: "http://127.0.0.1:%1$d/told", on: [begin, end, failure] }
      """;

  private static final String MARKED = "[ -e /var/lib/provision/rotating ]";

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean healthy;

  private void shop(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    exchange.sendResponseHeaders(healthy ? 204 : 503, -1);
    exchange.close();
  }

  private void told(HttpExchange exchange) throws IOException {
    told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static Path program(Lab lab, String name, String text) throws IOException {
    var file = lab.write(name, "#!/bin/sh\n" + text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void checksHoldHostsBackAndHooksRunAroundThem() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/shop", this::shop);
    server.createContext("/told", this::told);
    server.start();
    try (var lab = Lab.of(2)) {
      var log = lab.file("hooks.log");
      var metrics = lab.file("provision.prom");
      var _ = program(lab, "allowed", "[ ! -e forbidden ] || { echo 'it is Friday'; exit 1; }\n");
      var _ =
          program(
              lab,
              "hook",
              "echo \"$1 $PROVISION_HOST $PROVISION_PHASE $PROVISION_CLUSTER\" >>hooks.log\n");
      lab.write("none.yml", "- name: nothing\n  hosts: all\n  steps:\n    - hostname: {}\n");
      lab.inventory("none.yml", Map.of());
      var own = ROTATION.formatted(server.getAddress().getPort(), metrics);
      lab.write(
          "inventory.yml",
          Checkout.text(lab.file("inventory.yml")).replace("playbook:", own + "playbook:"));
      RealRotationTest.wantReboots(lab.nodes());
      var boots = RealRotationTest.boots(lab.nodes());

      var plan = lab.provision().run("rotate", "inventory.yml", "--dry-run").exits(0);
      assertThat(plan.text()).contains("shop answers", "not on Fridays", "pause", "loud");
      assertThat(asked).as("a plan asks nothing of them").hasValue(0);
      assertThat(told).isEmpty();

      whatDoesNotPassHoldsTheHost(lab);
      assertThat(RealRotationTest.boots(lab.nodes())).isEqualTo(boots);
      assertThat(log).doesNotExist();

      var done = lab.provision().run("rotate", "inventory.yml").exits(0);
      System.out.println(done.text());
      assertThat(RealRotationTest.boots(lab.nodes())).doesNotContainAnyElementsOf(boots);
      assertThat(Files.readAllLines(log))
          .containsExactly(
              "pause n1 before_drain suite",
              "resume n1 after_return suite",
              "pause n2 before_drain suite",
              "resume n2 after_return suite");
      lab.nodes()
          .forEach(node -> {
            assertThat(node.succeeds("[ -e /root/quiet ]")).isFalse();
            assertThat(node.succeeds(MARKED)).isFalse();
          });
      assertThat(asked.get()).as("before, before the reboot, and after").isGreaterThanOrEqualTo(6);
      assertThat(done.text()).containsPattern("n1 +rebooted").containsPattern("n2 +rebooted");
      assertThat(Files.readString(metrics))
          .contains(
              "provision_rotation_exit_code{cluster=\"suite\"} 0",
              "provision_rotation_hosts{cluster=\"suite\",state=\"rebooted\"} 2");
      assertThat(told.stream().map(it -> Result.json(it).path("event").asText()))
          .containsExactly("failure", "begin", "end");

      // what a hook has left running holds no lock
      aHookThatFailsIsNamedAndTheHostIsInUse(lab);
    } finally {
      server.stop(0);
    }
  }

  /** The web server is ill, and then a program says no; an end is asked for meanwhile. */
  private void whatDoesNotPassHoldsTheHost(Lab lab) throws Exception {
    lab.write("forbidden", "");
    var waits = lab.provision().startJson("rotate", "inventory.yml");
    waits.await(event -> event.toString().contains("503"));
    healthy = true;
    waits.await(
        event -> event.toString().contains("it is Friday") && !event.toString().contains("503"));
    assertThat(lab.node(1).succeeds(MARKED)).isFalse();
    waits.signal("INT");
    waits.end().exits(130);
    Files.delete(lab.file("forbidden"));
  }

  private static void aHookThatFailsIsNamedAndTheHostIsInUse(Lab lab) throws Exception {
    var _ = program(lab, "hook", "echo 'no such backup' >&2; [ \"$1\" != resume ]\n");
    RealRotationTest.wantReboots(lab.nodes());
    var boots = RealRotationTest.boots(lab.nodes());
    var failed = lab.provision().run("rotate", "inventory.yml").exits(1);
    assertThat(failed.text()).contains("resume", "no such backup");
    assertThat(lab.node(1).succeeds(MARKED)).as("it is well").isFalse();
    assertThat(RealRotationTest.boots(lab.nodes()).getLast())
        .as("those behind it wait")
        .isEqualTo(boots.getLast());
  }
}

package io.provision.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Inventory;
import io.provision.remote.Frame;
import io.provision.resource.LocalHost;
import io.provision.resource.kernel.Machine;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Steps on a host that is a directory: there is something to do, it is done, and then there is
 * nothing to do. From there on each question alone gets an odd answer: a step that is content with
 * one has not read it, and must have a reason.
 */
final class RoundTripTest {
  private static final Inventory INVENTORY = ContractSteps.inventory();

  /**
   * One step.
   *
   * @param programs what answers in the place of programs; {@code @} is the root
   * @param files what is there, by path
   * @param indifferent the questions that may be answered oddly, and why
   */
  record Trip(
      String step,
      String written,
      Map<String, String> programs,
      Map<String, String> files,
      Map<String, String> indifferent) {
    @Override
    public String toString() {
      return step + " " + written;
    }
  }

  private static final String SYSTEMD =
      """
      case $1 in
        show) case "$*" in
            *Id,*) printf 'Id=demo.service\\nLoadState=loaded\\nActiveState=%s\\nSubState=x\\nUnitFileState=%s\\n' \\
              "$(cat @/active)" "$(cat @/boot)" ;;
            *) printf 'LoadState=loaded\\nNeedDaemonReload=no\\n' ;;
          esac ;;
        enable) echo enabled >@/boot ;;
        start) echo active >@/active ;;
      esac\
      """;

  /** One that has its identity since it was first asked, and is in no pool yet. */
  private static final String GLUSTERD =
      """
      case $* in
        *'uuid get'*)
          mkdir -p @/var/lib/glusterd
          echo UUID=9d1d4b35-0a1a-4a6c-8f3e-0b4f3f5d6a01 >@/var/lib/glusterd/glusterd.info
          echo '<opRet>0</opRet>' ;;
        *'pool list'*) cat %1$s/pool-alone.xml ;;
        *'volume info'*) cat %1$s/info-none.xml ;;
      esac\
      """
          .formatted(Path.of("src/test/resources/io/provision/steps/gluster").toAbsolutePath());

  private static final String NOTHING_LEFT = "what is not there need not be taken away";

  static List<Trip> trips() {
    return List.of(
        new Trip(
            "hostname",
            "{}",
            Map.of("hostname", "echo \"$2\" >@/proc/sys/kernel/hostname"),
            Map.of("proc/sys/kernel/hostname", "old\n"),
            Map.of(
                "look_cloud_init", "an odd answer is no cloud-init",
                "look_files /etc/cloud/cloud.cfg.d/zz-provision-preserve-hostname.cfg",
                    "there is no cloud-init",
                "look_files /etc/.pve-ignore.hostname", "it is no container of Proxmox",
                "look_name_authors", "an odd answer names nobody")),
        new Trip(
            "timezone",
            "{}",
            Map.of(),
            Map.of(
                "usr/share/zoneinfo/Europe/Berlin", "TZif2", "etc/timezone", "America/New_York\n"),
            Map.of(
                "look_files /etc/timezone", "a system need not have it",
                "look_package_manager apt-get", "the zone is there",
                "look_packages tzdata", "the zone is there",
                "look_rpm_packages tzdata", "the zone is there",
                "look_dpkg /var/lib/dpkg", "the zone is there")),
        new Trip(
            "locale",
            "{}",
            Map.of(
                "dpkg-query", "[ ! -e @/there ] || echo 'locales all install installed 2.36'",
                "dpkg", "exit 0",
                "apt-get", ": >@/there; echo '# de_DE.UTF-8 UTF-8' >@/etc/locale.gen",
                "rpm", "exit 127",
                "locale", "cat @/made",
                "locale-gen",
                    "sed -n 's/^\\([a-z].*\\)UTF-8 UTF-8$/\\1utf8/p' @/etc/locale.gen >@/made"),
            Map.of("etc/default/locale", "LC_TIME=C.UTF-8\nLANG=\"C\"\n"),
            Map.of(
                "look_package_manager apt-get", "the locale is there",
                "look_packages locales", "the locale is there",
                "look_rpm_packages locales", "the locale is there",
                "look_dpkg /var/lib/dpkg", "the locale is there")),
        new Trip(
            "kernel-modules",
            "{ modules: [br_netfilter, nf-odd] }",
            Map.of("modprobe", "mkdir -p \"@/sys/module/$(echo \"$2\" | tr - _)\""),
            Map.of(),
            Map.of(
                "look_denied_modules br_netfilter", "what is loaded was not denied",
                "look_denied_modules nf-odd", "what is loaded was not denied",
                "look_machine", "what is loaded is so wherever it is")),
        new Trip(
            "sysctl",
            "{ values: { vm.max_map_count: 262144 } }",
            Map.of(),
            Map.of("proc/sys/vm/max_map_count", "65530\n"),
            Map.of(
                "look_machine", "an odd answer is no container",
                "look_sysctl_files", "an odd answer overrides nothing")),
        new Trip(
            "packages",
            "[socat]",
            Map.of(
                "dpkg-query", "[ ! -e @/there ] || echo 'socat amd64 install installed 1.7'",
                "dpkg", "exit 0",
                "apt-get", ": >@/there",
                "rpm", "exit 127"),
            Map.of(),
            Map.of(
                "look_rpm_packages socat", "its package manager is apt",
                "look_dpkg /var/lib/dpkg", "it was not interrupted")),
        new Trip(
            "unit",
            "{ name: demo.service }",
            Map.of("systemctl", SYSTEMD),
            Map.of("run/systemd/system/x", "", "active", "inactive\n", "boot", "disabled\n"),
            Map.of()),
        new Trip("file", "{ path: /etc/f, secret: '${env:CANARY}' }", Map.of(), Map.of(), Map.of()),
        new Trip("template", "{ path: /etc/t, template: t.ftl }", Map.of(), Map.of(), Map.of()),
        new Trip("k3s-registries", "{}", Map.of(), Map.of(), Map.of()),
        new Trip(
            "k3s-settings",
            "{}",
            Map.of(),
            Map.of(),
            Map.of(
                "look_files /var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl",
                    NOTHING_LEFT,
                "look_files /var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl",
                    NOTHING_LEFT)),
        new Trip(
            "gluster-server",
            "{}",
            Map.of(
                "dpkg-query",
                    "[ ! -e @/there ] || for one in server client; do"
                        + " echo \"glusterfs-$one amd64 install installed 11.1\"; done",
                "dpkg", "exit 0",
                "apt-get", ": >@/there",
                "rpm", "exit 127",
                "systemctl", SYSTEMD.replace("demo", "glusterd"),
                "findmnt", "echo /data",
                "gluster", GLUSTERD),
            Map.of("run/systemd/system/x", "", "active", "inactive\n", "boot", "disabled\n"),
            Map.of(
                "look_rpm_packages glusterfs-server", "its package manager is apt",
                "look_rpm_packages glusterfs-fuse", "its package manager is apt",
                "look_rpm_packages glusterfs", "its package manager is apt",
                "look_dpkg /var/lib/dpkg", "it was not interrupted",
                "look_gluster_brick /data/v", "who has an identity is judged by gluster-brick")),
        new Trip(
            "absent",
            "[/etc/old]",
            Map.of(),
            Map.of("etc/old", "x"),
            Map.of("look_files /etc/old", NOTHING_LEFT)),
        new Trip(
            "command",
            "{ run: [touch, /etc/done], creates: /etc/done }",
            Map.of(),
            Map.of(),
            Map.of()),
        new Trip(
            "user",
            "{ name: deploy, shell: /bin/bash, groups: [adm] }",
            Map.of(
                "getent",
                    "[ ! -e @/shell ] || echo \"deploy:x:1:1::@/home:$(cat @/shell)\"; [ -e @/shell ]",
                "useradd", "echo \"$3\" >@/shell; echo deploy >@/groups",
                "usermod", "echo \"$3\" >>@/groups",
                "id", "tr '\\n' ' ' <@/groups"),
            Map.of(),
            Map.of()),
        new Trip("files", "{ path: /etc/there, source: files }", Map.of(), Map.of(), Map.of()),
        new Trip("directory", "{ path: /var/d, mode: '0750' }", Map.of(), Map.of(), Map.of()),
        new Trip(
            "hosts-entries",
            "[10.0.0.9 nas.home]",
            Map.of(),
            Map.of("etc/hosts", "127.0.0.1 localhost\n"),
            Map.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trips")
  void whatWasRepairedIsInSyncAndEveryAnswerCounts(Trip trip, @TempDir Path directory)
      throws IOException {
    var root = Files.createDirectories(directory.resolve("root"));
    for (var each : List.of("etc", "var", "run", "proc", "sys", "dev")) {
      Files.createDirectories(root.resolve(each));
    }
    for (var file : trip.files().entrySet()) {
      var path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    var host = new LocalHost(directory).below(root);
    for (var program : List.of("stat", "sha256sum")) { // names are those that were asked for
      host.program(program, "/usr/bin/%s \"$@\" | sed 's: %s/: /:'".formatted(program, root));
    }
    trip.programs().forEach((name, body) -> host.program(name, body.replace("@", root.toString())));
    var step = step(trip, directory);
    var target = new Target.OnHost(INVENTORY.hosts().getFirst(), INVENTORY);

    var before = step.check(target, look(host, step, target), Known.NOTHING);
    assertThat(before).as("before").isInstanceOf(Check.Drift.class);
    host.repair(((Check.Drift) before).repair());
    assertThat(host.said()).as("what the repair printed").doesNotContain(ContractSteps.CANARY);
    var seen = look(host, step, target);
    assertThat(step.check(target, seen, Known.NOTHING))
        .as("after: %s", host.said())
        .isInstanceOf(Check.InSync.class);

    assertThat(unread(step, target, seen)).isEqualTo(trip.indifferent().keySet());
  }

  /** Its kernel is its own, wherever this test runs. */
  private static Observations look(LocalHost host, Step<Target.OnHost> step, Target.OnHost target) {
    var seen = host.look(step.probes(target));
    var answers = new Observations.Builder();
    step.probes(target).questions().forEach(question -> put(question, null, seen, answers));
    return answers.put(Machine.question(), new Machine("")).build();
  }

  @Test
  void aStepThatReadsOnlyOneOfItsAnswersIsFound() {
    var target = new Target.OnHost(INVENTORY.hosts().getFirst(), INVENTORY);
    var read = question("look_at_this");
    var ignored = question("look_at_that");
    var step = new Careless(read, ignored, "well");
    var seen = new Observations.Builder().put(read, "well").put(ignored, "well").build();
    assertThat(step.check(target, seen, Known.NOTHING)).isInstanceOf(Check.InSync.class);
    assertThat(unread(step, target, seen)).containsExactly("look_at_that");
  }

  @Test
  void aStepThatIsContentWithNoAnswerIsFound() {
    var target = new Target.OnHost(INVENTORY.hosts().getFirst(), INVENTORY);
    var read = question("look_at_this");
    var seen = new Observations.Builder().put(read, "").build();
    var step = new Careless(read, read, "");
    assertThat(unread(step, target, seen))
        .containsExactly("look_at_this: [no such program, nothing, nothing and fails]");
  }

  private static Question<String> question(String name) {
    var function = new io.provision.remote.ShellFunction(name, ":");
    return Question.of(io.provision.step.Kind.single(function, Frame::output));
  }

  private record Careless(Question<String> read, Question<String> ignored, String wanted)
      implements Step<Target.OnHost> {
    @Override
    public io.provision.step.Probes probes(Target.OnHost target) {
      return io.provision.step.Probes.of(read, ignored);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return seen.of(read).equals(wanted) && seen.of(ignored) != null
          ? new Check.InSync()
          : new Check.Refused("odd", "mend it");
    }

    @Override
    public Set<io.provision.step.Change.Action> mayDo() {
      return Set.of();
    }
  }

  /**
   * The questions, by function and first argument, to which an odd answer is in sync; and which
   * ones, where it is not each of them.
   */
  private static Set<String> unread(
      Step<Target.OnHost> step, Target.OnHost target, Observations seen) {
    var unread = new java.util.TreeSet<String>();
    for (var odd : step.probes(target).questions()) {
      var content = new ArrayList<String>();
      OddAnswers.ALL.forEach((kind, frame) -> {
        var answers = new Observations.Builder();
        for (var question : step.probes(target).questions()) {
          put(question, question.equals(odd) ? frame : null, seen, answers);
        }
        if (step.check(target, answers.build(), Known.NOTHING) instanceof Check.InSync) {
          content.add(kind);
        }
      });
      if (!content.isEmpty()) {
        var about = odd.arguments().stream().limit(1).toList();
        var name = String.join(" ", odd.kind().function().name(), String.join("", about)).strip();
        content.sort(null);
        unread.add(content.size() == OddAnswers.ALL.size() ? name : name + ": " + content);
      }
    }
    return unread;
  }

  private static <A> void put(
      Question<A> question,
      @org.jspecify.annotations.Nullable Frame odd,
      Observations seen,
      Observations.Builder into) {
    into.put(
        question,
        odd == null ? seen.of(question) : question.kind().read(List.of(question), odd).getFirst());
  }

  @SuppressWarnings("unchecked") // these are all steps of hosts
  private static Step<Target.OnHost> step(Trip trip, Path directory) throws IOException {
    var entry = new ContractSteps.Entry(trip.step(), trip.written(), "");
    return (Step<Target.OnHost>) ContractSteps.bound(entry, directory);
  }
}

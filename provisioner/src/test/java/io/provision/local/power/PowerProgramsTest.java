package io.provision.local.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.desk.PowerSwitch.State;
import io.provision.model.Secret;
import io.provision.model.SecretUnavailable;
import io.provision.model.power.Power;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The power of hosts by programs, which here are scripts that write down how they were run. */
class PowerProgramsTest {
  private static final String CANARY = "k4n4rienv0gel-42";

  @TempDir Path directory;

  private PowerSwitch of(Power power) {
    return of(power, Duration.ofMinutes(1));
  }

  private PowerSwitch of(Power power, Duration deadline) {
    return new PowerSwitches(Map.of("PATH", directory + ":/usr/bin:/bin"), deadline).of(power);
  }

  private static Power ipmi(OptionalInt port) {
    return new Power.Ipmi("10.0.0.11", port, new Power.Login("ADMIN", Secret.of(CANARY)));
  }

  private static final Power IPMI = ipmi(OptionalInt.empty());
  private static final Power LIBVIRT = new Power.Libvirt("qemu:///system", "n3");

  private Power programs() {
    var plug = directory.resolve("plug").toString();
    return new Power.Programs(
        List.of(plug, "cut", "$(id) *"), List.of("plug", "give"), List.of("plug", "ask"));
  }

  /** Writes its arguments down, a line each, and then does this. */
  private void program(String name, String body) throws IOException {
    var file = directory.resolve(name);
    var noted = directory.resolve(name + ".arguments");
    Files.writeString(
        file,
        "#!/bin/sh\nprintf '%%s\\n' \"$@\" >%s\nenv >%s\ntr '\\0' '\\n' </proc/$$/cmdline >%s\n%s\n"
            .formatted(
                noted,
                directory.resolve(name + ".environment"),
                directory.resolve(name + ".cmdline"),
                body));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private String arguments(String name) throws IOException {
    return Files.readString(directory.resolve(name + ".arguments")).strip().replace('\n', ' ');
  }

  private static DeskException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    var refused = catchThrowableOfType(DeskException.class, call);
    assertThat(refused).isNotNull();
    assertThat(refused.what() + refused.remedy() + refused).doesNotContain(CANARY);
    return refused;
  }

  @ParameterizedTest
  @CsvSource({"on,ON", "off,OFF"})
  void ipmitoolSaysHowItIsAndSeesThePasswordInItsEnvironmentAlone(String word, State state)
      throws Exception {
    program("ipmitool", "echo 'Chassis Power is %s'".formatted(word));

    assertThat(of(IPMI).state()).isEqualTo(state);

    assertThat(arguments("ipmitool"))
        .isEqualTo("-I lanplus -H 10.0.0.11 -U ADMIN -E chassis power status");
    assertThat(Files.readString(directory.resolve("ipmitool.cmdline"))).doesNotContain(CANARY);
    assertThat(Files.readString(directory.resolve("ipmitool.environment")))
        .contains("IPMITOOL_PASSWORD=" + CANARY, "IPMI_PASSWORD=" + CANARY, "LC_ALL=C");
  }

  @Test
  void ipmitoolCutsAndGivesIt() throws Exception {
    program("ipmitool", "");
    of(ipmi(OptionalInt.of(6230))).off();
    assertThat(arguments("ipmitool"))
        .isEqualTo("-I lanplus -H 10.0.0.11 -p 6230 -U ADMIN -E chassis power off");
    of(IPMI).on();
    assertThat(arguments("ipmitool")).endsWith("chassis power on");
  }

  @ParameterizedTest
  @CsvSource({
    "running,ON",
    "idle,ON",
    "shut off,OFF",
    "crashed,OFF",
    "paused,BETWEEN",
    "in shutdown,BETWEEN"
  })
  void virshSaysHowItIs(String word, State state) throws Exception {
    program("virsh", "echo '%s'".formatted(word));
    assertThat(of(LIBVIRT).state()).isEqualTo(state);
    assertThat(arguments("virsh")).isEqualTo("-q -c qemu:///system domstate --domain n3");
    assertThat(Files.readString(directory.resolve("virsh.environment"))).contains("LC_ALL=C");
  }

  @Test
  void virshCutsAndGivesIt() throws Exception {
    program("virsh", "");
    of(LIBVIRT).off();
    assertThat(arguments("virsh")).endsWith("destroy --domain n3");
    of(LIBVIRT).on();
    assertThat(arguments("virsh")).endsWith("start --domain n3");
  }

  @Test
  void programsOfTheOperatorAreRunWithoutAShell() throws Exception {
    program("plug", "echo on");
    var power = of(programs());
    assertThat(power.state()).isEqualTo(State.ON);
    assertThat(arguments("plug")).isEqualTo("ask");
    power.off();
    assertThat(arguments("plug")).isEqualTo("cut $(id) *");
    power.on();
    assertThat(arguments("plug")).isEqualTo("give");
  }

  @Test
  void whatIsMissingIsNamedWithItsPackage() {
    assertThat(refused(() -> of(IPMI).state()).what())
        .isEqualTo("there is no program 'ipmitool' on this machine");
    assertThat(refused(() -> of(IPMI).off()).remedy()).contains("apt-get install ipmitool");
    assertThat(refused(() -> of(LIBVIRT).on()).remedy())
        .contains("apt-get install libvirt-clients");
    assertThat(refused(() -> of(programs()).on()).what()).contains("'plug'");
  }

  /** What is neither on nor off is no reason to cut anything, nor to believe that it was. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "true",
        "echo 'Chassis Power is onoff'",
        "echo on; echo off",
        "echo 'Chassis Power is on'; echo 'Chassis Power is off'",
        "printf '\\033[31mred\\000\\377'",
        "echo 'ON'"
      })
  void whatSaysNeitherOnNorOffIsNotBelieved(String body) throws Exception {
    for (var name : List.of("ipmitool", "virsh", "plug")) {
      program(name, body);
    }
    for (var power : List.of(IPMI, LIBVIRT, programs())) {
      var said = refused(() -> of(power).state());
      assertThat(said.what()).matches("[^\\p{Cntrl}]*").doesNotContain("[31mred\u0000");
    }
  }

  /** As of a certificate that is about to expire, or of a library. */
  @Test
  void aWarningBesideIsNoAnswer() throws Exception {
    program("ipmitool", "echo 'no cipher suite' >&2; echo 'Chassis Power is on'");
    program("virsh", "echo 'libvirt: old' >&2; echo running");
    program("plug", "echo 'plug: old firmware' >&2; echo on");
    for (var power : List.of(IPMI, LIBVIRT, programs())) {
      assertThat(of(power).state()).isEqualTo(State.ON);
    }
    program("plug", "echo on >&2");
    assertThat(refused(() -> of(programs()).state()).what())
        .endsWith("says neither on nor off (on)");
    program("plug", "head -c 8000000 /dev/zero >&2; echo 'no plug' >&2; exit 1");
    assertThat(refused(() -> of(programs()).off()).what()).contains("exited 1");
    program("ipmitool", "echo \"wrong password $IPMITOOL_PASSWORD\" >&2; exit 1");
    assertThat(refused(() -> of(IPMI).off()).what()).endsWith("wrong password ****");
  }

  /** The status alone does not say it: a program that fails may have written anything. */
  @Test
  void aFailureIsOneWhateverItWrote() throws Exception {
    program("ipmitool", "echo 'Chassis Power is on'; exit 1");
    program("virsh", "echo running; exit 1");
    program("plug", "echo on; exit 3");
    assertThat(refused(() -> of(IPMI).state()).what()).contains("exited 1: Chassis Power is on");
    assertThat(refused(() -> of(LIBVIRT).state()).what()).contains("exited 1: running");
    assertThat(refused(() -> of(programs()).off()).what()).contains("'", "plug' exited 3: on");
  }

  @Test
  void megabytesAreLetGoByAndNotShown() throws Exception {
    program("ipmitool", "head -c 8000000 /dev/zero | tr '\\0' x; exit 1");
    var said = refused(() -> of(IPMI).off());
    assertThat(said.what()).contains("exited 1: xxx").hasSizeLessThan(600);
  }

  @Test
  void whatNeverEndsIsEndedWithAllThatItHasBegun() throws Exception {
    program("virsh", "sleep 601 & echo $! >%s; wait".formatted(directory.resolve("child")));
    var said = refused(() -> of(LIBVIRT, Duration.ofSeconds(20)).off());
    assertThat(said.what()).isEqualTo("'virsh' has not ended within 20 s");
    var child = Files.readString(directory.resolve("child")).strip();
    ProcessHandle.of(Long.parseLong(child))
        .ifPresent(it -> it.onExit().orTimeout(60, TimeUnit.SECONDS).join());
  }

  /** What its own parent has left behind is no descendant of it. */
  @Test
  void whatNeverEndsIsEndedWithWhatItLeftToOthersAsWell() throws Exception {
    var file = directory.resolve("orphan");
    program("virsh", "( sleep 602 & echo $! >%s ); sleep 603".formatted(file));
    var _ = refused(() -> of(LIBVIRT, Duration.ofSeconds(20)).off());
    var orphan = Path.of("/proc", Files.readString(file).strip(), "cmdline");
    for (var i = 0; i < 600 && runs(orphan); i++) {
      Thread.sleep(100);
    }
    assertThat(runs(orphan)).isFalse();
  }

  /** One that has ended, and of whom nobody has taken notice, has no arguments any more. */
  private static boolean runs(Path cmdline) {
    try {
      return !Files.readString(cmdline).isEmpty();
    } catch (IOException _) {
      return false;
    }
  }

  /** A machine in software goes on after the program that began it. */
  @Test
  void whatAProgramLeavesBehindWhereItEndsItselfGoesOn() throws Exception {
    var file = directory.resolve("left");
    program("plug", "sleep 604 >/dev/null 2>&1 </dev/null & echo $! >%s".formatted(file));
    of(programs()).on();
    var left = ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
    assertThat(left.isAlive()).isTrue();
    left.destroyForcibly();
  }

  /** Else an end that is asked for at our terminal would end what gives power back. */
  @Test
  void whatIsTypedAtOurTerminalDoesNotReachIt() throws Exception {
    program(
        "plug",
        "cut -d' ' -f5 /proc/$$/stat >%s; echo $$ >%s"
            .formatted(directory.resolve("group"), directory.resolve("own")));
    of(programs()).on();
    assertThat(directory.resolve("group")).hasSameTextualContentAs(directory.resolve("own"));
  }

  @Test
  void aPasswordThatItSaysItselfIsNotRepeated() throws Exception {
    program("ipmitool", "echo \"wrong password $IPMITOOL_PASSWORD\"; exit 1");
    assertThat(refused(() -> of(IPMI).off()).what()).endsWith("wrong password ****");
    program("ipmitool", "echo \"it is $IPMITOOL_PASSWORD\"");
    assertThat(refused(() -> of(IPMI).state()).what()).contains("(it is ****)");
  }

  @Test
  void aPasswordThatCannotBeHadIsSaidBeforeAnythingIsRun() throws Exception {
    program("ipmitool", "");
    var missing =
        Secret.from(
            "${env:BMC}",
            () -> {
              throw new SecretUnavailable("${env:BMC}", "is not set", "Set it.");
            });
    var power = new Power.Ipmi("a", OptionalInt.empty(), new Power.Login("ADMIN", missing));
    assertThat(refused(() -> of(power).off()).what()).isEqualTo("${env:BMC}: is not set");
    assertThat(directory.resolve("ipmitool.arguments")).doesNotExist();
  }
}

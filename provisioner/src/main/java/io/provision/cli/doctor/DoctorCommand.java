package io.provision.cli.doctor;

import io.provision.cli.command.Command;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.RunOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examined;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@CommandLine.Command(
    name = "doctor",
    description = {
      "Tells what will go wrong on hosts and between them, in one report, before anything is"
          + " touched: what a plan would refuse, all of it at once; ports between hosts, measured by"
          + " listeners that go away, and how large packets may be; clocks, the disk under etcd,"
          + " name servers, proxies, clones, leftovers, certificates, versions. Changes nothing.",
      "Exit code 7 where an error was found, and with --strict where a warning was; 4 where hosts"
          + " cannot be reached and nothing else is wrong."
    },
    footer = {
      "",
      "Examples:",
      "  provision doctor home.yml",
      "  provision doctor home.yml --strict --junit doctor.xml      in a CI"
    })
public final class DoctorCommand implements Command {
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(names = "--strict", description = "warnings count as errors do")
  private boolean strict;

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public Ending run(Context context) throws Refused {
    var read = run.read(context);
    var visit = new DoctorVisit(run, read, context);
    var all = visit.examined();
    context.display().examined(all);
    context.display().say(summary(visit.hosts(), all));
    return new Ending(visit.interrupted() ? ExitCode.INTERRUPTED : code(all), Optional.empty());
  }

  private ExitCode code(List<Examined> all) {
    var bad =
        all.stream()
            .filter(it -> it.found().stream().anyMatch(found -> counts(found.severity())))
            .map(Examined::examination)
            .collect(Collectors.toSet());
    if (bad.isEmpty()) {
      return ExitCode.DONE;
    }
    return bad.equals(Set.of(PlanFindings.LOGIN)) ? ExitCode.UNREACHABLE : ExitCode.UNSAFE;
  }

  private boolean counts(Diagnosis.Severity severity) {
    return switch (severity) {
      case ERROR -> true;
      case WARNING -> strict;
      case NOTE -> false;
    };
  }

  private static String summary(int hosts, List<Examined> all) {
    return "%s: %s, %s, %s"
        .formatted(
            many(hosts, "host"),
            count(all, Diagnosis.Severity.ERROR),
            count(all, Diagnosis.Severity.WARNING),
            count(all, Diagnosis.Severity.NOTE));
  }

  private static String count(List<Examined> all, Diagnosis.Severity severity) {
    var count =
        all.stream()
            .flatMap(it -> it.found().stream())
            .filter(it -> it.severity() == severity)
            .count();
    return many(count, severity.name().toLowerCase(Locale.ROOT));
  }

  private static String many(long count, String what) {
    return "%d %s%s".formatted(count, what, count == 1 ? "" : "s");
  }
}

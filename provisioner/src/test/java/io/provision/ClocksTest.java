package io.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Who looks at the machine's own clock. Whatever waits for something else than the network does so
 * by {@link io.provision.kube.Time}: a test that waits by the machine's clock fails on a slow one.
 */
class ClocksTest {
  private static final Set<String> OWN =
      Set.of(
          // what a run took
          "engine.Bundle",
          "engine.Run",
          "engine.TargetRun",
          "engine.Survey",
          // the time of a run
          "engine.session.Interrupt",
          // how fast bytes go
          "engine.session.HostUploads",
          // what goes by while bytes come
          "engine.Arrivals",
          "ssh.Attempts",
          "ssh.Bastions",
          "ssh.ConnectLimiter",
          "ssh.Deadline",
          "ssh.Handshake",
          "ssh.KeyFiles",
          "jsch.JschDialer",
          "local.HttpWebhooks",
          "local.LocalDesk",
          "local.PublishedSums",
          // what holds a file of this machine for a moment
          "local.FileGuard",
          "local.KubectlLock",
          // how often a terminal is asked
          "console.JlineScreen");

  private static boolean isClock(JavaAccess<?> access) {
    var owner = access.getTargetOwner().getFullName();
    var name = access.getTarget().getName();
    return owner.equals("java.lang.System") && name.equals("nanoTime")
        || owner.equals("java.lang.System") && name.equals("currentTimeMillis")
        || owner.equals("java.lang.Thread") && name.equals("sleep");
  }

  private static String outer(JavaClass of) {
    var name = of.getName().substring("io.provision.".length());
    return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
  }

  @Test
  void nobodyElseDoes() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.provision");
    var seen = new TreeSet<String>();
    for (var each : classes) {
      if (each.getAccessesFromSelf().stream().anyMatch(ClocksTest::isClock)) {
        seen.add(outer(each));
      }
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(OWN);
  }
}

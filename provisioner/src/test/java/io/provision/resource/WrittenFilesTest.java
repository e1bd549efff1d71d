package io.provision.resource;

import static io.provision.Recorded.assertSame;

import io.provision.resource.unit.Unit;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A host that has converged stays so: its files are the ones that earlier versions wrote. */
class WrittenFilesTest {
  @Test
  void whatRecordsTheStartOfAUnitIsWhatWasAlwaysWritten() throws IOException {
    var unit = Unit.running("demo.service").readingAsFound(List.of("/etc/a ${b} $c %d.conf", "/x"));
    assertSame("record.conf", unit.dropIn().content());
  }

  @Test
  void whatKeepsOthersOffNamesIsWhatWasAlwaysWritten() throws IOException {
    assertSame("cloud-init-hosts.cfg", CloudInit.leavesHosts().setting().content());
    assertSame("cloud-init-hostname.cfg", CloudInit.leavesHostname().setting().content());
    assertSame("pve-ignore.hostname", NameAuthors.IGNORED.content());
  }
}

package io.provision.steps.os.clock;

import static io.provision.Recorded.assertSame;

import io.provision.model.NodeAddress;
import io.provision.resource.Piece;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A host that has converged stays so: its files are the ones that earlier versions wrote. */
class TimeFilesTest {
  private static void same(String name, Piece service) throws IOException {
    assertSame(name, ((TimeServices.Service) service).file().content());
  }

  @Test
  void whatTimeServicesReadIsWhatWasAlwaysWritten() throws IOException {
    var servers = List.of("0.pool.ntp.org", "10.0.0.1");
    same("timesyncd.conf", TimeServices.timesyncd(servers));
    same("chrony.conf", TimeServices.chrony(servers));
    same(
        "chrony-source.conf",
        TimeServices.source(List.of(NodeAddress.parse("10.0.0.1"), NodeAddress.parse("fd00::2"))));
  }
}

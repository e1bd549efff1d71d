package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostsTest {
  @TempDir private Path state;
  private final FakeProgram program = new FakeProgram();

  private Session type(String line) {
    return Session.type(program, state, line.split(" "));
  }

  @Test
  void everyHostHasItsAddressRolesAndGroups() {
    var session = type("hosts a.yml");
    assertThat(session.exit()).isZero();
    assertThat(session.lines().stream().map(line -> line.strip().replaceAll(" {2,}", "|")))
        .containsSubsequence(
            "host|address|roles|groups",
            "w1|192.0.2.1|control-plane,storage|rack",
            "w2|192.0.2.2|worker",
            "w3|192.0.2.3|worker|rack");
    assertThat(program.requests).isEmpty();
  }

  @Test
  void aLimitLeavesTheHostsThatARunWouldChange() throws Exception {
    var hosts = new ArrayList<String>();
    for (var line : type("hosts a.yml --limit rack,!w1 --output json").lines()) {
      JsonNode row = new JsonMapper().readTree(line);
      if (row.get("event").asText().equals("row")) {
        hosts.add(row.get("host").asText());
        assertThat(row.get("roles").asText()).isEqualTo("worker");
      }
    }
    assertThat(hosts).containsExactly("w3");
  }

  @Test
  void whatNamesNothingIsRefused() {
    var session = type("hosts a.yml --limit w9");
    assertThat(session.exit()).isEqualTo(2);
    assertThat(session.err()).contains("no group or host 'w9'");
    assertThat(type("hosts a.yml --only hostname").exit()).isEqualTo(2);
  }
}

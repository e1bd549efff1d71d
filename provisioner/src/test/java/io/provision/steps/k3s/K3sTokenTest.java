package io.provision.steps.k3s;

import static io.provision.steps.kubernetes.Cases.agent;
import static io.provision.steps.kubernetes.Cases.inventory;
import static io.provision.steps.kubernetes.Cases.on;
import static io.provision.steps.kubernetes.Cases.server;
import static io.provision.steps.kubernetes.Cases.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.remote.Handoff;
import io.provision.remote.Payload;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.k3s.digests.HeldTokens;
import io.provision.steps.k3s.digests.Tokens;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class K3sTokenTest {
  private static final Sha256 OURS = Sha256.of(new byte[] {1});
  private static final Sha256 OTHER = Sha256.of(new byte[] {2});

  private final Host cp1 = server(1);
  private final Host cp2 = server(2);
  private final Host w1 = agent(1);
  private final Inventory inventory = inventory(cp1, cp2, w1);

  private static FileState file(Sha256 digest) {
    return new FileState(
        FileState.Type.FILE,
        false,
        FileMode.PRIVATE,
        new FileState.Owner("root", "root", "0", "0"),
        64,
        Optional.of(digest),
        Optional.empty());
  }

  private static HeldTokens held(Sha256 digest) {
    return new HeldTokens(Optional.of(digest), Optional.of(digest));
  }

  private Check check(Host host, FileState server, FileState agent, Cases.Settled known) {
    var seen =
        new Observations.Builder()
            .put(Files.at(K3s.SERVER_TOKEN), server)
            .put(Files.at(K3s.AGENT_TOKEN), agent)
            .build();
    return new K3sToken().check(on(host, inventory), seen, known);
  }

  private Cases.Settled nobodyHasAny() {
    return K3sCases.settled()
        .has(cp1, Nodes.STATE, state(false, false))
        .has(cp2, Nodes.STATE, state(false, false));
  }

  private static List<Payload> payloads(Check check) {
    return ((Repair.OnHost) ((Check.Drift) check).repair())
        .scripts().stream().flatMap(script -> script.payloads().stream()).toList();
  }

  @Test
  void theFirstServerMakesThemOnce() {
    var check = check(cp1, FileState.ABSENT, FileState.ABSENT, nobodyHasAny());
    assertThat(check).isInstanceOf(Check.Drift.class);
    assertThat(payloads(check)).isEmpty();
    assertThat(((Check.Drift) check).changes())
        .allSatisfy(it -> assertThat(it.detail()).isInstanceOf(Change.Detail.Hidden.class));

    var made = check(cp1, file(OURS), file(OTHER), nobodyHasAny());
    assertThat(made)
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().values())
                    .containsEntry(K3s.TOKENS, new Tokens(OURS, OTHER)));
  }

  @Test
  void noneAreMadeWhileAServerWasNotSeen() {
    var known =
        K3sCases.settled().has(cp1, Nodes.STATE, state(false, false)).never(cp2, Nodes.STATE);
    assertThat(check(cp1, FileState.ABSENT, FileState.ABSENT, known))
        .isInstanceOf(Check.Refused.class);
  }

  @Test
  void anAgentGetsTheAgentsTokenAlone() {
    var known = nobodyHasAny().has(cp1, K3s.TOKENS, new Tokens(OURS, OTHER));
    var check = check(w1, FileState.ABSENT, FileState.ABSENT, known);
    assertThat(payloads(check))
        .singleElement()
        .isInstanceOfSatisfying(
            Handoff.Kept.class,
            it -> {
              assertThat(it.from()).isEqualTo(cp1.name());
              assertThat(it.read().arguments()).containsExactly(K3s.AGENT_TOKEN);
            });
    assertThat(check(w1, FileState.ABSENT, file(OTHER), known)).isInstanceOf(Check.InSync.class);
    assertThat(new K3sToken().probes(on(w1, inventory)).questions())
        .doesNotContain(Files.at(K3s.SERVER_TOKEN));
  }

  @Test
  void anotherServerTakesBothAndThenReadsNone() {
    var known = nobodyHasAny().has(cp1, K3s.TOKENS, new Tokens(OURS, OTHER));
    assertThat(payloads(check(cp2, FileState.ABSENT, FileState.ABSENT, known))).hasSize(2);
    assertThat(check(cp2, file(OURS), file(OTHER), known)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aFirstServerThatWasMadeAnewTakesThoseOfTheLivingCluster() {
    var known =
        K3sCases.settled()
            .has(cp1, Nodes.STATE, state(false, false))
            .has(cp1, K3s.HELD_TOKENS, held(OTHER))
            .has(cp2, Nodes.STATE, state(true, true))
            .has(cp2, K3s.HELD_TOKENS, held(OURS));
    assertThat(payloads(check(cp1, file(OTHER), file(OTHER), known)))
        .allSatisfy(it -> assertThat(((Handoff) it).from()).isEqualTo(cp2.name()))
        .hasSize(2);
  }
}

package io.provision.local;

import io.provision.desk.Desk;
import io.provision.desk.DeskChange;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion;
import io.provision.desk.Outside;
import io.provision.files.Custody;
import io.provision.model.Sha256;
import io.provision.remote.Handoff;
import io.provision.remote.Payload;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The machine that this program runs on. Safe for use by many threads. */
public final class LocalDesk implements Desk {
  private final Kubeconfig kubeconfig;
  private final Artifacts artifacts;
  private final Custody custody;
  private final LocalOutside outside;
  private final Predicate<String> gone;

  public LocalDesk(DeskSettings settings) {
    this(settings, Thread::sleep);
  }

  LocalDesk(DeskSettings settings, Download.Pause pause) {
    this(settings, _ -> false, pause);
  }

  /**
   * One that knows its own runs.
   *
   * @param gone whether the owner of a lock is a run of this machine that lives no more
   */
  public static LocalDesk of(DeskSettings settings, Predicate<String> gone) {
    return new LocalDesk(settings, gone, Thread::sleep);
  }

  private LocalDesk(DeskSettings settings, Predicate<String> gone, Download.Pause pause) {
    this.gone = gone;
    this.kubeconfig = new Kubeconfig(Clock.systemUTC());
    this.outside = new LocalOutside(settings.environment());
    this.custody = Custody.ofThisProcess(settings.environment());
    this.artifacts =
        new Artifacts(settings, new Download(settings.environment(), settings.progress(), pause));
  }

  @Override
  public boolean isGone(String owner) {
    return gone.test(owner);
  }

  @Override
  public View view() {
    return this::look;
  }

  @SuppressWarnings("unchecked") // each question is answered by a value of its own type
  private <A> A look(DeskQuestion<A> question) throws DeskException {
    return (A)
        switch (question) {
          case DeskQuestion.KubeconfigEntry entry -> kubeconfig.look(entry);
          case DeskQuestion.Pins pins -> pins(pins);
          case DeskQuestion.PinnedOf(var lockFile, var programs) ->
              PinFile.read(lockFile, custody).keySet().stream()
                  .filter(id -> programs.contains(id.replaceFirst("/.*", "")))
                  .collect(Collectors.toUnmodifiableSet());
          case DeskQuestion.Offered offered -> artifacts.offered(offered.artifacts());
          case DeskQuestion.Text text ->
              artifacts.text(
                  text.artifact(), text.lockFile(), PinFile.read(text.lockFile(), custody));
          case DeskQuestion.Lying lying ->
              artifacts.lying(
                  lying.artifacts(), lying.lockFile(), PinFile.read(lying.lockFile(), custody));
          case DeskQuestion.Published published ->
              artifacts.published(
                  published.artifacts(), PinFile.read(published.lockFile(), custody));
        };
  }

  private Map<String, Sha256> pins(DeskQuestion.Pins question) throws DeskException {
    var pins = new TreeMap<>(PinFile.read(question.lockFile(), custody));
    pins.keySet().retainAll(question.ids());
    return Map.copyOf(pins);
  }

  @Override
  public void change(DeskChange change, Handoffs handoffs) throws DeskException {
    switch (change) {
      case DeskChange.PinArtifacts pin -> artifacts.pin(pin.lockFile(), pin.artifacts());
      case DeskChange.Unpin(var lockFile, var ids) -> PinFile.remove(lockFile, ids, custody);
      case DeskChange.MergeKubeconfig merge -> {
        switch (merge.source()) {
          case Handoff handoff ->
              kubeconfig.merge(merge, handoffs.read(handoff).reveal(), handoff.from().toString());
          case Payload.Bytes bytes -> kubeconfig.merge(merge, bytes.content().bytes(), "a file");
          case Payload.Stored _, Payload.Upload _ ->
              throw new IllegalStateException("a kubeconfig comes from a host: " + merge);
        }
      }
    }
  }

  @Override
  public Optional<Credentials> credentials(DeskQuestion.KubeconfigEntry context)
      throws DeskException {
    return kubeconfig.credentials(context);
  }

  @Override
  public Outside outside() {
    return outside;
  }

  @Override
  public Path artifact(Payload.Artifact artifact) throws DeskException {
    return artifacts.find(artifact.id(), artifact.sha256());
  }
}

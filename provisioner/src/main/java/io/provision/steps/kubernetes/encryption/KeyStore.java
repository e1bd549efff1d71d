package io.provision.steps.kubernetes.encryption;

import io.provision.remote.Script;
import io.provision.resource.Directory;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Check;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.NodeObject;
import io.provision.steps.kubernetes.apiserver.ApiServerLook;
import io.provision.steps.kubernetes.apiserver.EncryptionPlace;
import java.time.Duration;
import java.util.Map;

/** The keys of Secrets on a server: where they lie, what is asked of them and done with them. */
record KeyStore(EncryptionPlace place, Kubectl kubectl) {
  /** An API server looks at its file once a minute. */
  private static final Duration RELOAD = Duration.ofMinutes(3);

  /** Some ten Secrets a second. */
  private static final Duration REWRITE = Duration.ofHours(2);

  static KeyStore of(Distributions distributions, Target target) {
    var distribution = distributions.of(target);
    return new KeyStore(distribution.encryption(), distribution.kubectl());
  }

  String path() {
    return place.file();
  }

  /** For root alone. */
  Directory folder() {
    return Directory.of(path().substring(0, path().lastIndexOf('/'))).withMode(new FileMode(0700));
  }

  /** Whether the file is there, and for whom. */
  Question<FileState> state() {
    return Files.at(path());
  }

  Question<EncryptionFile> file() {
    return EncryptionFile.at(path());
  }

  Question<ApiServerLook> look() {
    return place.look();
  }

  /**
   * Whether its API server has the file in use; asked only while it {@link
   * EncryptionFile#isChanging}.
   */
  Question<Boolean> loaded() {
    return Question.of(EncryptionFile.LOADED, kubectl.arguments(path()));
  }

  /** The nodes, as its own API server says. */
  Question<Map<String, NodeObject>> nodes() {
    return kubectl.nodes();
  }

  /** Until its API server has the file in use. */
  Check.NotYet loading() {
    return new Check.NotYet(
        "its API server to take over %s, which it looks at once a minute".formatted(path()),
        RELOAD,
        kubectl.call(EncryptionScripts.IS_LOADED, path()),
        place.words());
  }

  /**
   * @param how as {@link EncryptionScripts#ARRANGE} takes it
   */
  Script arranged(String how, EncryptionKey key) {
    return Script.of(EncryptionScripts.ARRANGE, path(), how, key.provider(), key.name());
  }

  /** All Secrets, with the first key. */
  Script rewritten() {
    return Script.of(EncryptionScripts.REWRITE, kubectl.arguments(place.log())).within(REWRITE);
  }
}

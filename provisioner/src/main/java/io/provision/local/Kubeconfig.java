package io.provision.local;

import io.provision.desk.Desk;
import io.provision.desk.DeskChange;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion;
import io.provision.files.AtomicFile;
import io.provision.files.BoundedRead;
import io.provision.files.OutputFile;
import io.provision.local.KubeconfigDocument.Section;
import io.provision.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The operator's kubeconfig: one cluster is merged in, everything else keeps its meaning. Entries
 * that we wrote carry an extension of ours, as others do (for example minikube's {@code
 * cluster_info}); only those are ever replaced by another cluster's.
 */
final class Kubeconfig {
  private static final String OURS = "provision.io/cluster";
  private static final int BACKUPS = 5;
  private static final int MOST_BYTES = 16 << 20;

  private static final String ALONE =
      """
      current-context: it
      contexts: [{ name: it, context: { cluster: it, user: it } }]
      clusters: [{ name: it, cluster: { certificate-authority-data: "%s" } }]
      users: [{ name: it, user: { client-certificate-data: "%s", client-key-data: "%s" } }]
      """;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Clock clock;

  Kubeconfig(Clock clock) {
    this.clock = clock;
  }

  Optional<DeskQuestion.Entry> look(DeskQuestion.KubeconfigEntry question) throws DeskException {
    var file = question.file();
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var document = read(file);
    var context = document.find(Section.CONTEXTS, question.context());
    if (context.isEmpty()) {
      return Optional.empty();
    }
    var cluster = referred(document, context, Section.CLUSTERS, "cluster");
    var user = referred(document, context, Section.USERS, "user");
    return Optional.of(
        new DeskQuestion.Entry(
            cluster.flatMap(it -> YamlNodes.string(it, "server")).orElse(""),
            KubeconfigSource.digest(cluster, "certificate-authority-data"),
            KubeconfigSource.digest(user, "client-certificate-data"),
            isPrivate(file),
            cluster.flatMap(Kubeconfig::owner).isPresent()));
  }

  /** The credentials of a context of ours, as a kubeconfig with nothing else in it. */
  Optional<Desk.Credentials> credentials(DeskQuestion.KubeconfigEntry question)
      throws DeskException {
    var entry = look(question);
    if (entry.isEmpty() || !entry.get().ours()) {
      return Optional.empty();
    }
    var document = read(question.file());
    var context = document.find(Section.CONTEXTS, question.context());
    var cluster = referred(document, context, Section.CLUSTERS, "cluster");
    var user = referred(document, context, Section.USERS, "user");
    var parts =
        Stream.of(
                cluster.flatMap(it -> YamlNodes.string(it, "certificate-authority-data")),
                user.flatMap(it -> YamlNodes.string(it, "client-certificate-data")),
                user.flatMap(it -> YamlNodes.string(it, "client-key-data")))
            .flatMap(Optional::stream)
            .filter(it -> it.matches("[A-Za-z0-9+/=]+"))
            .toList();
    return parts.size() < 3
        ? Optional.empty()
        : Optional.of(
            new Desk.Credentials(entry.get(), Secret.of(ALONE.formatted(parts.toArray()))));
  }

  /** Merges one cluster in. The file is replaced whole, or left as it is with a message. */
  void merge(DeskChange.MergeKubeconfig change, byte[] source, String origin) throws DeskException {
    var taken = KubeconfigSource.parse(source, origin);
    var file = target(change.into());
    try {
      AtomicFile.createPrivateDirectories(AtomicFile.parent(file));
      requireWritable(file);
      try (var _ = FileGuard.of(file);
          var _ = KubectlLock.of(file)) {
        var document = Files.exists(file) ? read(file) : KubeconfigDocument.empty();
        requireOurs(document, change, taken);
        write(document, change, taken);
        backUp(file);
        AtomicFile.write(file, document.render().getBytes(StandardCharsets.UTF_8), "rw-------");
      }
    } catch (IOException e) {
      throw DeskFault.writing(file, e);
    }
  }

  private static void write(
      KubeconfigDocument document, DeskChange.MergeKubeconfig change, KubeconfigSource taken) {
    var user = change.cluster() + "-admin";
    document.put(
        Section.CLUSTERS, change.cluster(), marked(taken.cluster(change.server()), change));
    document.put(Section.USERS, user, marked(taken.user(), change));
    var context = YamlNodes.mapping();
    YamlNodes.put(context, "cluster", YamlNodes.scalar(change.cluster()));
    YamlNodes.put(context, "user", YamlNodes.scalar(user));
    document
        .find(Section.CONTEXTS, change.context())
        .flatMap(old -> YamlNodes.get(old, "namespace"))
        .ifPresent(namespace -> YamlNodes.put(context, "namespace", namespace));
    document.put(Section.CONTEXTS, change.context(), marked(context, change));
    if (document.currentContext().isEmpty()) {
      document.useContext(change.context());
    }
  }

  /** Names that already stand for something else are the operator's to give away. */
  private static void requireOurs(
      KubeconfigDocument document, DeskChange.MergeKubeconfig change, KubeconfigSource taken)
      throws DeskException {
    var context = document.find(Section.CONTEXTS, change.context());
    var behind = referred(document, context, Section.CLUSTERS, "cluster");
    if (context.isPresent() && behind.filter(it -> mayReplace(it, change, taken)).isEmpty()) {
      throw taken(change, "context", change.context());
    }
    var cluster = document.find(Section.CLUSTERS, change.cluster());
    if (cluster.isPresent() && !mayReplace(cluster.get(), change, taken)) {
      throw taken(change, "cluster", change.cluster());
    }
    var name = change.cluster() + "-admin";
    var user = document.find(Section.USERS, name);
    if (user.isPresent() && !mayReplaceUser(user.get(), change, taken)) {
      throw taken(change, "user", name);
    }
  }

  private static boolean mayReplace(
      MappingNode cluster, DeskChange.MergeKubeconfig change, KubeconfigSource taken) {
    return owner(cluster).filter(change.cluster()::equals).isPresent()
        || KubeconfigSource.digest(Optional.of(cluster), "certificate-authority-data")
            .equals(taken.authorityDigest());
  }

  private static boolean mayReplaceUser(
      MappingNode user, DeskChange.MergeKubeconfig change, KubeconfigSource taken) {
    return owner(user).filter(change.cluster()::equals).isPresent()
        || YamlNodes.same(user, taken.user());
  }

  private static DeskException taken(DeskChange.MergeKubeconfig change, String kind, String name) {
    return new DeskException(
        "%s already has a %s '%s', of another cluster".formatted(change.into(), kind, name),
        "Nothing was written. Rename it ('kubectl config rename-context'), or choose another name"
            + " by 'kubeconfig.context' or 'cluster.name'.",
        null);
  }

  private static Optional<MappingNode> referred(
      KubeconfigDocument document, Optional<MappingNode> context, Section section, String key) {
    return context
        .flatMap(it -> YamlNodes.string(it, key))
        .flatMap(name -> document.find(section, name));
  }

  private static MappingNode marked(MappingNode body, DeskChange.MergeKubeconfig change) {
    var extension = YamlNodes.mapping();
    YamlNodes.put(extension, "name", YamlNodes.scalar(change.cluster()));
    var entry = YamlNodes.mapping();
    YamlNodes.put(entry, "name", YamlNodes.scalar(OURS));
    YamlNodes.put(entry, "extension", extension);
    var list =
        new SequenceNode(
            Tag.SEQ,
            new java.util.ArrayList<>(java.util.List.of(entry)),
            DumperOptions.FlowStyle.BLOCK);
    YamlNodes.put(body, "extensions", list);
    return body;
  }

  /** Which cluster of ours an entry says it is of. */
  private static Optional<String> owner(MappingNode body) {
    if (!(YamlNodes.get(body, "extensions").orElse(null) instanceof SequenceNode list)) {
      return Optional.empty();
    }
    return list.getValue().stream()
        .flatMap(item -> YamlNodes.asMapping(item).stream())
        .filter(item -> YamlNodes.string(item, "name").filter(OURS::equals).isPresent())
        .flatMap(item -> YamlNodes.get(item, "extension").flatMap(YamlNodes::asMapping).stream())
        .flatMap(extension -> YamlNodes.string(extension, "name").stream())
        .findFirst();
  }

  private void backUp(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    var prefix = file.getFileName() + ".bak-";
    var stamp = prefix + STAMP.format(clock.instant());
    var backup = file.resolveSibling(stamp);
    for (var n = 2; Files.exists(backup); n++) {
      backup = file.resolveSibling(stamp + "-" + n);
    }
    AtomicFile.createPrivate(backup, BoundedRead.bytes(file, MOST_BYTES));
    var ours = Pattern.compile(Pattern.quote(prefix) + "\\d{8}T\\d{6}\\.\\d{3}Z(-\\d+)?");
    try (var siblings = Files.list(AtomicFile.parent(file))) {
      var old =
          siblings
              .filter(path -> ours.matcher(path.getFileName().toString()).matches())
              .sorted(Comparator.reverseOrder())
              .skip(BACKUPS)
              .toList();
      for (var path : old) {
        Files.delete(path);
      }
    }
  }

  private static KubeconfigDocument read(Path file) throws DeskException {
    try {
      return KubeconfigDocument.parse(BoundedRead.text(file, MOST_BYTES), file.toString());
    } catch (java.nio.charset.CharacterCodingException e) {
      throw new DeskException(
          "%s is not a kubeconfig: it is not UTF-8".formatted(file), "It was left as it is.", e);
    } catch (IOException e) {
      throw DeskFault.reading(file, e);
    }
  }

  /** The file itself where the path is a symbolic link, which stays one. */
  private static Path target(Path file) throws DeskException {
    try {
      return OutputFile.target(file);
    } catch (IOException e) {
      throw DeskFault.reading(file, e);
    }
  }

  /** A file that even its owner may not write was made so on purpose; a rename would not care. */
  private static void requireWritable(Path file) throws IOException {
    if (Files.exists(file)
        && !Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_WRITE)) {
      throw new java.nio.file.FileSystemException(file.toString(), null, "it is read-only");
    }
  }

  private static boolean isPrivate(Path file) throws DeskException {
    try {
      return EnumSet.copyOf(Files.getPosixFilePermissions(file))
          .equals(EnumSet.copyOf(PosixFilePermissions.fromString("rw-------")));
    } catch (IOException e) {
      throw DeskFault.reading(file, e);
    }
  }
}

package io.provision.local;

import io.provision.desk.DeskChange.ArtifactId;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where files can be downloaded from: the operator's mirror, then their publisher.
 *
 * @param mirror a base URL with the layout of the artifact directory
 */
record Origins(Optional<String> mirror) {

  /** One place that may have a file, with the list of sums beside it, where it has one. */
  record Origin(URI file, Optional<URI> sums) {}

  /** Where to ask for a file, first things first. */
  List<Origin> of(ArtifactId id) {
    var sums = new ArtifactId(id.program(), id.version(), id.arch(), Publisher.SUMS);
    var origins = new ArrayList<Origin>();
    mirror.ifPresent(
        base -> origins.add(new Origin(below(base, id), Optional.of(below(base, sums)))));
    Publisher.address(id).ifPresent(file -> origins.add(new Origin(file, Publisher.sums(id))));
    return origins;
  }

  /** The address of a file on the mirror; empty where there is no mirror. */
  Optional<URI> onMirror(ArtifactId id) {
    return mirror.map(base -> below(base, id));
  }

  private static URI below(String base, ArtifactId id) {
    return URI.create(
        String.join(
            "/",
            base.endsWith("/") ? base.substring(0, base.length() - 1) : base,
            id.program(),
            URLEncoder.encode(id.version(), StandardCharsets.UTF_8),
            id.arch(),
            id.file()));
  }
}

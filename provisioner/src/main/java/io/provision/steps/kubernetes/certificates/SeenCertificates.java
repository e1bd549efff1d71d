package io.provision.steps.kubernetes.certificates;

import io.provision.model.Host;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.step.Kind;
import io.provision.step.Question;
import io.provision.steps.kubernetes.NodeCertificates;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The certificates that a host has of its node. No key leaves it.
 *
 * @param now by the host's own clock, in whole seconds; it decides whether its programs still take
 *     a certificate. {@link Instant#EPOCH} where the host did not say it
 * @param certificates by their paths
 * @param unread paths of files that no certificate could be read of, or nothing was said of
 * @param isUnderWay whether an earlier run began to renew them, and did not end it
 */
record SeenCertificates(
    Instant now,
    Map<String, HeldCertificate> certificates,
    List<String> unread,
    boolean isUnderWay) {

  private static final String FILE = "file=";

  /** Of one file; the longest of ours has three of 2 kB and a key. */
  private static final int MOST_BYTES = 65_536;

  /**
   * {@code look_certificates MARKER PATH...}: which of the files are there, a line each; then of
   * each of these the first certificate, in base64 of whatever it is in: PEM, a kubeconfig, or what
   * k3s keeps of the one on its port. As few programs as can be: each apply asks it.
   */
  static final ShellFunction LOOK =
      new ShellFunction(
          "look_certificates",
          """
          echo "now=$(date -u +%%s)"
          [ ! -e "$1" ] || echo underway=yes
          shift
          left=$#
          while [ "$left" -gt 0 ]; do
            if [ -f "$1" ]; then
              echo there
              set -- "$@" "$1"
            else
              echo none
            fi
            shift
            left=$((left - 1))
          done
          [ "$#" -gt 0 ] || return 0
          head -v -c %d -- "$@" | tr -d '\\000' | awk '
            function tell() { if (open) print "file=" text; text = ""; found = 0; inside = 0; open = 1 }
            /^==> .* <==$/ { tell(); next }
            found { next }
            /^-----BEGIN CERTIFICATE-----/ { inside = 1; next }
            /^-----END CERTIFICATE-----/ { found = 1; next }
            length(text) > 16000 { text = ""; found = 1; next }
            inside { text = text $0; next }
            /^ *client-certificate-data: / { text = $2; found = 1; next }
            match($0, /"tls.crt": *"[A-Za-z0-9+\\/=]+"/) {
              text = substr($0, RSTART, RLENGTH)
              sub(/^"tls.crt": *"/, "", text)
              sub(/"$/, "", text)
              found = 1
            }
            END { tell() }'
          return 0\
          """
              .formatted(MOST_BYTES));

  /** It has the clock in it, so that a saved plan compares what a check says of it. */
  private record LookKind() implements Kind<SeenCertificates> {
    @Override
    public ShellFunction function() {
      return LOOK;
    }

    @Override
    public boolean batched() {
      return false;
    }

    @Override
    public boolean isVolatile() {
      return true;
    }

    @Override
    public List<SeenCertificates> read(List<Question<SeenCertificates>> asked, Frame frame) {
      return asked.stream()
          .map(Question::arguments)
          .map(arguments -> SeenCertificates.read(arguments.subList(1, arguments.size()), frame))
          .toList();
    }
  }

  private static final Kind<SeenCertificates> KIND = new LookKind();

  SeenCertificates {
    certificates = Map.copyOf(certificates);
    unread = List.copyOf(unread);
  }

  /** Whether the host said all it was asked: a look that failed does not say that all is well. */
  boolean isAnswered() {
    return !now.equals(Instant.EPOCH);
  }

  /** All of a host, in one call. */
  static Question<SeenCertificates> of(Host host, NodeCertificates certificates) {
    var arguments = new ArrayList<String>();
    arguments.add(certificates.marker().orElse("/dev/null/none"));
    certificates.of(host).forEach(held -> arguments.add(held.path()));
    return Question.of(KIND, arguments.toArray(String[]::new));
  }

  private static SeenCertificates read(List<String> paths, Frame frame) {
    var now = Instant.EPOCH;
    var isUnderWay = false;
    var there = new ArrayList<String>();
    var files = new ArrayList<String>();
    var left = paths.iterator();
    for (var line : frame.output().split("\n")) {
      if (line.matches("now=\\d{1,12}")) {
        now = Instant.ofEpochSecond(Long.parseLong(line.substring(4)));
      } else if (line.equals("underway=yes")) {
        isUnderWay = true;
      } else if (line.equals("none") && left.hasNext()) {
        left.next();
      } else if (line.equals("there") && left.hasNext()) {
        there.add(left.next());
      } else if (line.startsWith(FILE)) {
        files.add(line.substring(FILE.length()));
      }
    }
    var certificates = new TreeMap<String, HeldCertificate>();
    var unread = new ArrayList<String>();
    for (var i = 0; i < there.size(); i++) {
      var path = there.get(i);
      // One too many or too few, and it is not known which is whose.
      (files.size() == there.size() ? until(files.get(i)) : Optional.<Instant>empty())
          .ifPresentOrElse(
              it -> certificates.put(path, new HeldCertificate(path, it)), () -> unread.add(path));
    }
    left.forEachRemaining(unread::add);
    return now.equals(Instant.EPOCH)
        ? new SeenCertificates(now, Map.of(), paths, isUnderWay)
        : new SeenCertificates(now, certificates, unread, isUnderWay);
  }

  /** When the first certificate ends; empty where there is none. */
  private static Optional<Instant> until(String base64) {
    try {
      var bytes = Base64.getDecoder().decode(base64.strip());
      var all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes));
      return all.stream().findFirst().map(it -> ((X509Certificate) it).getNotAfter().toInstant());
    } catch (CertificateException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}

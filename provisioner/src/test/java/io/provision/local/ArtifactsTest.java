package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskChange.PinArtifacts;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion;
import io.provision.model.Sha256;
import io.provision.remote.Payload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ArtifactsTest {
  private static final ArtifactId K3S = new ArtifactId("k3s", "v1.36.4+k3s1", "amd64", "k3s");
  private static final String MIRRORED = "/m/k3s/v1.36.4%2Bk3s1/amd64/";
  private static final byte[] PROGRAM = "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path base;

  private final Map<String, Deque<Reply>> replies = new HashMap<>();
  private final List<String> told = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;

  private record Reply(int status, String type, byte[] body, String retryAfter) {
    Reply(int status, String type, byte[] body) {
      this(status, type, body, "");
    }
  }

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var path = exchange.getRequestURI().getRawPath();
          asked.add(path);
          var queue = replies.getOrDefault(path, new ArrayDeque<>());
          var reply = queue.size() > 1 ? queue.poll() : queue.peek();
          var found = reply == null ? new Reply(404, "text/plain", new byte[0]) : reply;
          exchange.getResponseHeaders().set("Content-Type", found.type());
          if (!found.retryAfter().isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", found.retryAfter());
          }
          var head = exchange.getRequestMethod().equals("HEAD");
          exchange.sendResponseHeaders(
              found.status(), head || found.body().length == 0 ? -1 : found.body().length);
          if (!head) {
            exchange.getResponseBody().write(found.body());
          }
          exchange.close();
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(String file, Reply... answers) {
    replies.put(MIRRORED + file, new ArrayDeque<>(List.of(answers)));
  }

  private static Reply bytes(byte[] body) {
    return new Reply(200, "application/octet-stream", body);
  }

  private static Reply text(String body) {
    return new Reply(200, "text/plain", body.getBytes(StandardCharsets.UTF_8));
  }

  private static String sums(byte[] content, String name) {
    return Sha256.of(content) + "  " + name + "\n";
  }

  private LocalDesk desk(boolean directory, boolean mirror) {
    var url = "http://127.0.0.1:%d/m/".formatted(server.getAddress().getPort());
    return new LocalDesk(
        new DeskSettings(
            directory ? Optional.of(base.resolve("dir")) : Optional.empty(),
            mirror ? Optional.of(url) : Optional.empty(),
            base.resolve("cache"),
            Map.of(),
            told::add),
        pauses::add);
  }

  private Path lock() {
    return base.resolve("provision.lock");
  }

  private void pin(LocalDesk desk) throws DeskException {
    desk.change(
        new PinArtifacts(lock(), List.of(K3S)),
        _ -> {
          throw new AssertionError();
        });
  }

  private Path put(String file, byte[] content) throws IOException {
    var path = base.resolve("dir/k3s/v1.36.4+k3s1/amd64").resolve(file);
    Files.createDirectories(path.getParent());
    return Files.write(path, content);
  }

  private Map<String, Sha256> pins(LocalDesk desk) throws DeskException {
    return desk.view().look(new DeskQuestion.Pins(lock(), Set.of(K3S.toString(), "other")));
  }

  @Test
  void theOperatorsDirectoryComesFirst() throws Exception {
    var file = put("k3s", PROGRAM);
    put("sha256sum.txt", sums(PROGRAM, "k3s").getBytes(StandardCharsets.UTF_8));
    var desk = desk(true, true);
    assertThat(pins(desk)).isEmpty();

    pin(desk);

    assertThat(pins(desk)).isEqualTo(Map.of(K3S.toString(), Sha256.of(PROGRAM)));
    assertThat(Files.readString(lock()))
        .endsWith("\n" + Sha256.of(PROGRAM) + "  k3s/v1.36.4+k3s1/amd64/k3s\n");
    assertThat(desk.artifact(new Payload.Artifact(K3S.toString(), Sha256.of(PROGRAM))))
        .isEqualTo(file);
    assertThat(asked).isEmpty();
  }

  @Test
  void aMirrorIsAskedNextAndItsFileIsKept() throws Exception {
    serve("k3s", bytes(PROGRAM));
    serve("sha256sum.txt", text(sums(PROGRAM, "k3s")));
    var desk = desk(true, true);

    pin(desk);
    var path = desk.artifact(new Payload.Artifact(K3S.toString(), Sha256.of(PROGRAM)));

    assertThat(path).startsWith(base.resolve("cache")).hasBinaryContent(PROGRAM);
    assertThat(asked).containsExactly(MIRRORED + "sha256sum.txt", MIRRORED + "k3s");
  }

  @Test
  void aServerThatIsBusyIsAskedAgain() throws Exception {
    serve("k3s", new Reply(503, "text/plain", new byte[0]), bytes(PROGRAM));
    serve("sha256sum.txt", new Reply(429, "text/plain", new byte[0]), text(sums(PROGRAM, "k3s")));
    pin(desk(false, true));
    assertThat(asked).hasSize(4);
  }

  @Test
  void aServerThatStaysBusyIsGivenUp() {
    serve("sha256sum.txt", new Reply(500, "text/plain", new byte[0]));
    assertThatThrownBy(() -> pin(desk(false, true)))
        .isInstanceOfSatisfying(
            DeskException.class,
            e -> {
              assertThat(e.what()).contains("status 500");
              assertThat(e.remedy()).contains("DIR/k3s/v1.36.4+k3s1/amd64");
            });
    assertThat(asked).hasSize(4);
  }

  @Test
  void aServerThatLimitsHowOftenItIsAskedIsLeftAsLongAsItSays() throws Exception {
    serve("k3s", bytes(PROGRAM));
    serve(
        "sha256sum.txt",
        new Reply(429, "text/plain", new byte[0], "45"),
        new Reply(429, "text/plain", new byte[0], "1"),
        text(sums(PROGRAM, "k3s")));
    pin(desk(false, true));
    assertThat(pauses).containsExactly(Duration.ofSeconds(45), Duration.ofSeconds(8));
    assertThat(told.toString()).contains("wants 45 s of rest, trying again in 45 s");
  }

  @Test
  void aServerThatLimitsHowOftenItIsAskedIsNotWaitedForAnHour() {
    serve("sha256sum.txt", new Reply(429, "text/plain", new byte[0], "3600"));
    assertThatThrownBy(() -> pin(desk(false, true)))
        .isInstanceOfSatisfying(
            DeskException.class,
            e -> {
              assertThat(e.what())
                  .contains("sha256sum.txt", "status 429: it is asked too often", "3600 s of rest");
              assertThat(e.remedy())
                  .contains("Run it again later", "DIR/k3s/v1.36.4+k3s1")
                  .doesNotContain("internet access");
            });
    assertThat(asked).hasSize(1);
    assertThat(pauses).isEmpty();
  }

  @Test
  void aLoginPageOfANetworkIsRecognised() {
    serve("sha256sum.txt", new Reply(200, "text/html; charset=utf-8", PROGRAM));
    assertThatThrownBy(() -> pin(desk(false, true))).hasMessageContaining("login in a browser");
    assertThat(asked).hasSize(1);
  }

  /** As a network's login page does that calls itself what was asked for. */
  @Test
  void aPageInThePlaceOfAFileIsSaidToBeOne() throws Exception {
    serve("sha256sum.txt", text(sums(PROGRAM, "k3s")));
    var page = "\n<!DOCTYPE HTML><title>Log in</title>".getBytes(StandardCharsets.UTF_8);
    serve("k3s", bytes(page));
    assertThatThrownBy(() -> pin(desk(false, true)))
        .isInstanceOfSatisfying(
            DeskException.class,
            e -> {
              assertThat(e.what()).contains(MIRRORED + "k3s", "it is a web page");
              assertThat(e.remedy()).contains("log in to this network", "DIR/k3s/v1.36.4+k3s1");
            });
    serve("k3s", bytes("#!/bin/sh\necho other\n".getBytes(StandardCharsets.UTF_8)));
    assertThatThrownBy(() -> pin(desk(false, true)))
        .isInstanceOfSatisfying(
            DeskException.class,
            e -> {
              assertThat(e.what()).contains("it is a text");
              assertThat(e.remedy()).contains("Find out who changed it").doesNotContain("log in");
            });
    assertThat(lock()).doesNotExist();
  }

  @Test
  void aDownloadThatEndsTooEarlyIsBegunAnewAndGivenUpWithNothingLeft() throws Exception {
    serve("sha256sum.txt", text(sums(PROGRAM, "k3s")));
    server.createContext(
        MIRRORED.replace("%2B", "+") + "k3s",
        exchange -> {
          asked.add("cut");
          exchange.sendResponseHeaders(200, PROGRAM.length);
          exchange.getResponseBody().write(PROGRAM, 0, 4);
          exchange.getResponseBody().flush();
          exchange.close();
        });
    assertThatThrownBy(() -> pin(desk(false, true)))
        .isInstanceOfSatisfying(
            DeskException.class,
            e ->
                assertThat(e.what())
                    .contains(MIRRORED + "k3s could not be fetched", "4 of 10 bytes came"));
    assertThat(asked).containsExactly(MIRRORED + "sha256sum.txt", "cut", "cut", "cut", "cut");
    assertThat(lock()).doesNotExist();
    try (var left = Files.walk(base.resolve("cache"))) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void whatDoesNotHaveThePublishersDigestIsThrownAway() throws Exception {
    serve("k3s", bytes(new byte[] {1, 2, 3}));
    serve("sha256sum.txt", text(sums(PROGRAM, "k3s")));
    assertThatThrownBy(() -> pin(desk(false, true)))
        .hasMessageContaining(Sha256.of(PROGRAM).hex())
        .hasMessageContaining(Sha256.of(new byte[] {1, 2, 3}).hex());
    assertThat(lock()).doesNotExist();
    try (var left = Files.walk(base.resolve("cache"))) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void aPinIsNeverReplaced() throws Exception {
    Files.writeString(lock(), Sha256.of(new byte[] {9}) + "  " + K3S + "\n");
    put("k3s", PROGRAM);
    put("sha256sum.txt", sums(PROGRAM, "k3s").getBytes(StandardCharsets.UTF_8));
    var desk = desk(true, false);
    assertThatThrownBy(() -> pin(desk)).hasMessageContaining("is pinned");
    assertThatThrownBy(
            () -> desk.artifact(new Payload.Artifact(K3S.toString(), Sha256.of(new byte[] {9}))))
        .hasMessageContaining("is pinned");
  }

  @Test
  void aProgramForAnotherProcessorIsRefused() throws Exception {
    var arm = new byte[64];
    arm[0] = 0x7f;
    arm[1] = 'E';
    arm[2] = 'L';
    arm[3] = 'F';
    arm[18] = (byte) 183;
    put("k3s", arm);
    put("sha256sum.txt", sums(arm, "k3s").getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> pin(desk(true, false)))
        .hasMessageContaining("built for arm64, not for amd64");
  }

  private static final ArtifactId ARCHIVE =
      new ArtifactId("flannel", "v0.28.9", "amd64", "images.tar");

  /** As {@code docker save} has it: a configuration an image, and at its end what names them. */
  private void archive(Map<String, String> files) throws Exception {
    var from = Files.createTempDirectory(base, "archive");
    var words = new ArrayList<>(List.of("tar", "-cf", from.resolve("a.tar").toString()));
    for (var file : files.entrySet()) {
      Files.createDirectories(from.resolve(file.getKey()).getParent());
      Files.writeString(from.resolve(file.getKey()), file.getValue());
      words.add(file.getKey());
    }
    var tar = new ProcessBuilder(words).directory(from.toFile()).inheritIO().start();
    assertThat(tar.waitFor()).isZero();
    var bytes = Files.readAllBytes(from.resolve("a.tar"));
    var folder = Files.createDirectories(base.resolve("dir/flannel/v0.28.9/amd64"));
    Files.write(folder.resolve("images.tar"), bytes);
    Files.writeString(folder.resolve("sha256sum.txt"), sums(bytes, "images.tar"));
  }

  private void pinArchive() throws DeskException {
    desk(true, false)
        .change(
            new PinArtifacts(lock(), List.of(ARCHIVE)),
            _ -> {
              throw new AssertionError();
            });
  }

  private static final String TWO =
      """
      [{"Config":"a.json","RepoTags":["x/flannel:v1"],"Layers":["l/layer.tar"]},
       {"Config":"b.json","RepoTags":null,"Layers":[]}]
      """;

  /** A runtime takes it in without a word, and its pods end with "exec format error". */
  @Test
  void anArchiveWithAnImageForAnotherProcessorIsRefused() throws Exception {
    var files = new java.util.LinkedHashMap<String, String>();
    files.put("a.json", "{\"config\":{\"architecture\":\"s390x\"},\"architecture\":\"amd64\"}");
    files.put("b.json", "{\"architecture\":\"arm64\",\"os\":\"linux\"}");
    files.put("l/json", "{\"architecture\":\"arm\"}");
    files.put("l/layer.tar", "{\"architecture\":\"arm\"}");
    files.put("manifest.json", TWO);
    archive(files);
    assertThatThrownBy(this::pinArchive)
        .isInstanceOfSatisfying(
            DeskException.class,
            e -> {
              assertThat(e.what())
                  .contains("images.tar: its image b.json was built for arm64, not for amd64");
              assertThat(e.remedy()).contains("docker pull --platform linux/amd64");
            });
    var lying = new DeskQuestion.Lying(lock(), Set.of(ARCHIVE));
    assertThat(desk(true, false).view().look(lying).get(ARCHIVE))
        .as("a plan says it")
        .isInstanceOf(DeskQuestion.Lies.Wrong.class);
    files.put("b.json", "{\"architecture\":\"amd64\"}");
    archive(files);
    pinArchive();
  }

  @Test
  void anArchiveForManyProcessorsOrOfNoImagesIsNotJudged() throws Exception {
    var files = new java.util.LinkedHashMap<String, String>();
    files.put("a.json", "{\"architecture\":\"arm64\"}");
    files.put("manifest.json", TWO);
    files.put(
        "index.json",
        "{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"}]}");
    archive(files);
    assertThatThrownBy(this::pinArchive).hasMessageContaining("built for arm64");
    files.put(
        "index.json",
        "{\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.index.v1+json\"}]}");
    archive(files);
    pinArchive();
  }

  @Test
  void whatIsNoArchiveOfImagesIsNotJudgedByThat() throws Exception {
    for (var manifest : List.of("[", "{}", "[{}]", "[1]", "[{\"Config\":[{}]}]")) {
      Files.deleteIfExists(lock());
      archive(Map.of("manifest.json", manifest));
      pinArchive();
    }
    Files.deleteIfExists(lock());
    var folder = base.resolve("dir/flannel/v0.28.9/amd64");
    Files.write(folder.resolve("images.tar"), PROGRAM);
    Files.writeString(folder.resolve("sha256sum.txt"), sums(PROGRAM, "images.tar"));
    pinArchive();
  }

  @Test
  void aDirectoryWithoutSumsSaysHowToMakeThem() throws Exception {
    put("k3s", PROGRAM);
    assertThatThrownBy(() -> pin(desk(true, false)))
        .isInstanceOfSatisfying(
            DeskException.class, e -> assertThat(e.remedy()).contains("sha256sum k3s >"));
  }

  @Test
  void whatIsOfferedIsInTheDirectoryOrOnTheMirror() throws Exception {
    var images = new ArtifactId("k3s", "v1.36.4+k3s1", "amd64", "images.tar.zst");
    var other = new ArtifactId("k3s", "v1.36.4+k3s1", "arm64", "images.tar.zst");
    put("k3s", PROGRAM);
    serve("images.tar.zst", bytes(PROGRAM));
    var look = new DeskQuestion.Offered(Set.of(K3S, images, other));
    assertThat(desk(true, true).view().look(look)).isEqualTo(Set.of(K3S, images));
    assertThat(desk(true, false).view().look(look)).isEqualTo(Set.of(K3S));
  }

  private static final ArtifactId IMAGES =
      new ArtifactId("k3s", "v1.36.4+k3s1", "amd64", "images.tar.zst");

  private Map<ArtifactId, DeskQuestion.Listed> listed(LocalDesk desk) throws DeskException {
    return desk.view().look(new DeskQuestion.Published(lock(), Set.of(K3S, IMAGES)));
  }

  @Test
  void aPlanReadsAListOfSumsOnceAndWritesNothing() throws Exception {
    serve("sha256sum.txt", text(sums(PROGRAM, "k3s") + sums(new byte[] {7}, "images.tar.zst")));
    var desk = desk(false, true);
    var expected =
        Map.of(
            K3S, new DeskQuestion.Listed.Sum(Sha256.of(PROGRAM)),
            IMAGES, new DeskQuestion.Listed.Sum(Sha256.of(new byte[] {7})));
    assertThat(listed(desk)).isEqualTo(expected);
    assertThat(listed(desk)).isEqualTo(expected);
    assertThat(asked).containsExactly(MIRRORED + "sha256sum.txt");
    try (var written = Files.list(base)) {
      assertThat(written).isEmpty();
    }
  }

  @Test
  void nobodyIsAskedForWhatIsPinnedOrLiesThere() throws Exception {
    put("k3s", PROGRAM);
    put("images.tar.zst", PROGRAM);
    assertThat(listed(desk(true, true))).isEmpty();
    Files.writeString(lock(), Sha256.of(PROGRAM) + "  " + K3S + "\n");
    assertThat(listed(desk(false, false))).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void whatTheMirrorOffersBesidesWhatIsPinnedIsAskedFor() throws Exception {
    Files.writeString(lock(), Sha256.of(PROGRAM) + "  " + K3S + "\n");
    serve("images.tar.zst", bytes(PROGRAM));
    serve("sha256sum.txt", text(sums(PROGRAM, "images.tar.zst")));
    assertThat(listed(desk(false, true)))
        .isEqualTo(Map.of(IMAGES, new DeskQuestion.Listed.Sum(Sha256.of(PROGRAM))));
  }

  @Test
  void whatCannotBeReadOfAListIsSaidAndNotTriedAgain() throws Exception {
    serve("sha256sum.txt", new Reply(503, "text/plain", new byte[0]));
    assertThat(unread(desk(false, true))).contains("sha256sum.txt", "status 503");
    assertThat(asked).hasSize(1);
    serve("sha256sum.txt", new Reply(200, "text/html", PROGRAM));
    assertThat(unread(desk(false, true))).contains("login in a browser");
    serve("sha256sum.txt", text("nonsense\n"));
    assertThat(unread(desk(false, true))).contains("has no digest of 'k3s'").doesNotContain("page");
    serve("sha256sum.txt", text("\n<!doctype html>\n"));
    assertThat(unread(desk(false, true))).contains("has no digest of 'k3s': it is a web page");
    serve("sha256sum.txt", bytes(new byte[SumList.MOST + 1]));
    assertThat(unread(desk(false, true))).contains("could not be fetched");
  }

  private String unread(LocalDesk desk) throws DeskException {
    return ((DeskQuestion.Listed.Unread) listed(desk).get(K3S)).why();
  }

  /** Whether before its answer or within it. */
  @Test
  @Timeout(30)
  void aServerThatNeverFinishesIsGivenUp() throws Exception {
    var never = new CountDownLatch(1);
    for (var begun : List.of(false, true)) {
      var path = "/" + begun + "/";
      server.createContext(
          path,
          exchange -> {
            if (begun) {
              exchange.sendResponseHeaders(200, 1000);
              exchange.getResponseBody().write(1);
              exchange.getResponseBody().flush();
            }
            await(never);
          });
      var mirror =
          Optional.of("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path));
      var download = new Download(Map.of(), text -> {}, _ -> {});
      var sums =
          new PublishedSums(
              new Origins(mirror),
              download,
              Duration.ofMillis(200),
              id -> {
                throw new AssertionError(id.toString());
              });
      assertThat(sums.of(Set.of(K3S)).get(K3S).toString()).contains("timed out");
      server.removeContext(path);
    }
    never.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aMirrorInTheClearIsRefused() {
    var desk =
        new LocalDesk(
            new DeskSettings(
                Optional.empty(),
                Optional.of("http://mirror.example"),
                base.resolve("cache"),
                Map.of(),
                text -> {}),
            _ -> {});
    assertThatThrownBy(() -> pin(desk)).hasMessageContaining("is not an https address");
  }

  @Test
  void publishersEscapeTheVersionAndNameFilesInTheirOwnWay() {
    assertThat(Publisher.address(new ArtifactId("k3s", "v1.36.4+k3s1", "arm64", "k3s")))
        .hasValueSatisfying(
            address -> assertThat(address.toString()).endsWith("/v1.36.4%2Bk3s1/k3s-arm64"));
  }

  @Test
  void aLineThatIsNoPinIsSaidWithItsNumber() throws Exception {
    Files.writeString(lock(), "# x\nnonsense\n");
    assertThatThrownBy(() -> pins(desk(false, false))).hasMessageContaining("provision.lock:2:");
  }

  private DeskQuestion.Lies lies(LocalDesk desk) throws DeskException {
    var lying = desk.view().look(new DeskQuestion.Lying(lock(), Set.of(K3S)));
    assertThat(lying).containsOnlyKeys(K3S);
    return lying.values().iterator().next();
  }

  @Test
  void whatLiesInTheDirectoryHasADigestBeforeItIsPinnedAndALookWritesNothing() throws Exception {
    assertThat(desk(true, false).view().look(new DeskQuestion.Lying(lock(), Set.of(K3S))))
        .isEmpty();
    put("k3s", PROGRAM);
    put("sha256sum.txt", sums(PROGRAM, "k3s").getBytes(StandardCharsets.UTF_8));

    assertThat(lies(desk(true, false))).isEqualTo(new DeskQuestion.Lies.Right(Sha256.of(PROGRAM)));
    assertThat(base.resolve("cache")).doesNotExist();
    assertThat(lock()).doesNotExist();
  }

  @Test
  void whatIsNotAsItsPublisherSaysIsSaidByALook() throws Exception {
    put("k3s", PROGRAM);
    assertThat(lies(desk(true, false)))
        .isInstanceOfSatisfying(
            DeskQuestion.Lies.Wrong.class,
            it -> assertThat(it.what()).contains("has no digest of 'k3s'"));
    put("sha256sum.txt", sums(new byte[] {7}, "k3s").getBytes(StandardCharsets.UTF_8));
    assertThat(lies(desk(true, false)))
        .isInstanceOfSatisfying(
            DeskQuestion.Lies.Wrong.class,
            it -> assertThat(it.what()).contains(Sha256.of(PROGRAM).toString(), "is pinned"));
  }

  /** Also where only the file was replaced, and its times were set back. */
  @Test
  void aPinThatNoLongerFitsWhatLiesThereIsSaidByALook() throws Exception {
    var file = put("k3s", PROGRAM);
    put("sha256sum.txt", sums(PROGRAM, "k3s").getBytes(StandardCharsets.UTF_8));
    var desk = desk(true, false);
    pin(desk);
    assertThat(lies(desk)).isInstanceOf(DeskQuestion.Lies.Right.class);

    var time = Files.getLastModifiedTime(file);
    var other = "#!/bin/sh\n#\n".getBytes(StandardCharsets.UTF_8);
    put("k3s", other);
    Files.setLastModifiedTime(file, time);
    var longAgo = java.nio.file.attribute.FileTime.fromMillis(time.toMillis() - 60_000);
    Files.setLastModifiedTime(lock(), longAgo); // whatever the resolution of the file system is
    assertThat(lies(desk))
        .isInstanceOfSatisfying(
            DeskQuestion.Lies.Wrong.class,
            it -> assertThat(it.what()).contains(Sha256.of(other).toString(), lock().toString()));

    put("sha256sum.txt", sums(other, "k3s").getBytes(StandardCharsets.UTF_8));
    assertThat(lies(desk))
        .isInstanceOfSatisfying(
            DeskQuestion.Lies.Wrong.class,
            it -> assertThat(it.what()).contains(Sha256.of(PROGRAM) + " is pinned"));
  }
}

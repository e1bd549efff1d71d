package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.resource.Piece;
import io.provision.resource.Pieces;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything is looked at behind the last thing that was done, and no more often than that. */
final class LastLookTest extends PieceRuns {
  @Test
  void whatTheLastBringsAlongIsSeen() throws Exception {
    java.nio.file.Files.writeString(directory.resolve("conf"), "conf");
    var brings = bringing("package", "echo theirs >\"${1%/*}/conf\"; echo >\"$1\"");
    var report = apply(book(file("one"), brings, file("conf")));
    assertThat(report.total()).isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(directory.resolve("conf")).hasContent("conf");
    assertThat(requests.taken()).isEqualTo(LOOKS + 2);
  }

  @Test
  void whatALaterOneUndidIsMendedAndFoundAtTheEnd() throws Exception {
    var report =
        apply(
            book(
                Pieces.all(file("zero"), file("one")),
                standing("two", "rm -f \"${1%/*}/one\"; echo >\"$1\""),
                file("three")));
    assertThat(outcomes()).allMatch(Outcome.Changed.class::isInstance).hasSize(3);
    assertThat(((Outcome.Changed) outcomes().getFirst()).changes())
        .extracting(Change::subject)
        .containsExactly(path("zero"), path("one"));
    assertThat(directory.resolve("one")).exists();
    assertThat(report.total().failed()).isZero();
    assertThat(requests.taken()).isEqualTo(LOOKS + 2);
  }

  /** The look behind the last repair is the last look: it is at everything. */
  @Test
  void whatTheLastRepairUndidIsFoundWithoutAnotherExec() throws Exception {
    java.nio.file.Files.writeString(directory.resolve("zero"), "zero");
    var report = apply(book(file("zero"), own("last", "rm \"${1%/*}/zero\"; echo >\"$1\"")));
    assertThat(report.total().failed()).isEqualTo(1);
    assertThat(
            events.stream().filter(RunEvent.TargetFailed.class::isInstance).map(Object::toString))
        .singleElement()
        .asString()
        .contains("at the end of the run it differs again: 'step-0'");
    assertThat(requests.taken()).isEqualTo(LOOKS + 1);
  }

  @Test
  void whereItDidNotSeemToBeTheLastRepairThereIsALastLook() throws Exception {
    java.nio.file.Files.writeString(directory.resolve("zero"), "zero");
    java.nio.file.Files.createDirectory(directory.resolve("a"));
    java.nio.file.Files.writeString(directory.resolve("a/all"), "{a=1}");
    var undoing =
        new ShellFunction("undo_zero", "rm -f \"${1%/*}/../zero\"; head -c \"$payload_1\" >\"$1\"");
    var items = new ArrayList<Item<Target.OnHost>>();
    items.add(item(0, new Of(file("zero"), Set.of())));
    items.add(new Item<>(ref(1), new FileStep(directory, "first", "1", undoing, Optional.empty())));
    var need = Optional.of(Need.all(FileStep.TEXT, hosts));
    items.add(new Item<>(ref(2), new FileStep(directory, "all", "", FileStep.WRITE, need)));
    var report = apply(new Playbook(List.of(new Play.OnHosts("all", hosts, 0, items))));
    assertThat(outcomes().getLast()).isEqualTo(new Outcome.Ok());
    assertThat(report.total().failed()).isEqualTo(1);
    assertThat(requests.taken()).isEqualTo(LOOKS + 2);
  }

  /** There, and up only later: what happens meanwhile undoes another file. */
  private Piece slow(boolean asking) {
    var other = "[ ! -e \"$1/slow\" ] || { rm -f \"$1/zero\"; echo >\"$1/up\"; }";
    Kind<Boolean> kind =
        Kind.single(
            new ShellFunction(
                "look_up",
                "[ -e \"$1/up\" ] && return 0; %s; return 1".formatted(asking ? other : ":")),
            Frame::ok);
    var up = Question.of(kind, directory.toString());
    var there = standing("slow", "echo >\"$1\"");
    var until = Call.of(new ShellFunction("until_up", other), directory.toString());
    return new Piece() {
      @Override
      public Probes probes() {
        return there.probes().and(Probes.of(up));
      }

      @Override
      public Check check(Observations seen) {
        if (!(there.check(seen) instanceof Check.InSync)) {
          return there.check(seen);
        }
        var limit = Duration.ofMinutes(1);
        return seen.of(up)
            ? new Check.InSync()
            : asking
                ? new Check.NotYet("it", limit, "it is not", "look")
                : new Check.NotYet("it", limit, until, until);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatHappensWhileSomethingIsWaitedForIsSeenByALastLook(boolean asking) throws Exception {
    java.nio.file.Files.writeString(directory.resolve("zero"), "zero");
    var report = apply(book(file("zero"), file("one"), slow(asking)));
    assertThat(outcomes().getLast()).isInstanceOf(Outcome.Changed.class);
    assertThat(directory.resolve("zero")).doesNotExist();
    assertThat(report.total().failed()).isEqualTo(1);
  }

  /** It hangs on another in a way that nobody can know: it asks about that by another name. */
  private Piece following(String file, String name) {
    Kind<Boolean> kind = Kind.single(new ShellFunction("look_" + name, "[ -e \"$1\" ]"), Frame::ok);
    var there = Question.of(kind, "/" + path(file));
    var ours = own(name, "echo >\"$1\"");
    return new Piece() {
      @Override
      public Probes probes() {
        return ours.probes().and(Probes.of(there));
      }

      @Override
      public Check check(Observations seen) {
        return seen.of(there) ? ours.check(seen) : new Check.InSync();
      }
    };
  }

  @Test
  void whereMoreIsToBeDoneAfterAllThatIsLookedAtToo() throws Exception {
    var report = apply(book(file("one"), following("one", "two"), following("two", "three")));
    assertThat(report.total()).isEqualTo(new Report.Tally(0, 3, 0, 0, 0, 0, 0));
    assertThat(requests.taken()).isEqualTo(LOOKS + 3);
  }
}

package io.provision.remote;

import static java.util.stream.Collectors.joining;

import io.provision.model.Become;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What came in the place of root's shell, and what to do about it. The command line says a word
 * before sudo is run: without that word no login shell ever ran it, and sudo is not to blame.
 *
 * @param loggedIn whether that word came
 * @param exit how the command ended; empty where it was given up
 * @param stdout what was printed before anything of ours
 * @param stderr the same
 */
record NoShell(boolean loggedIn, Optional<RemoteProcess.Exit> exit, String stdout, String stderr) {

  /** Words of another program, and what they call for. */
  private record Answer(Pattern words, String remedy) {
    /** {@code %s} in the remedy is what the pattern's group found. */
    Optional<String> to(String printed) {
      return Optional.of(words.matcher(printed))
          .filter(Matcher::find)
          .map(found -> found.groupCount() > 0 ? remedy.formatted(found.group(1)) : remedy);
    }

    static Answer to(String words, String remedy) {
      return new Answer(Pattern.compile(words, Pattern.CASE_INSENSITIVE), remedy);
    }
  }

  /**
   * cloud-init's authorized_keys; nologin(8); OpenSSH's {@code sftp-server} (session.c); OpenSSH
   * and PAM about passwords; tmux(1), screen(1).
   */
  private static final List<Answer> LOGINS =
      List.of(
          Answer.to("log ?in as the (?:user )?[\"'`]?([a-z_][\\w.-]*)", "set ssh.user: %s"),
          Answer.to(
              "account is currently not available|nologin",
              "its login shell is nologin: give it one there (usermod -s /bin/sh USER), or set"
                  + " ssh.user to one who may log in"),
          Answer.to(
              "sftp",
              "sshd_config allows this user sftp only (ForceCommand internal-sftp): make an"
                  + " exception for it there, or set ssh.user to another"),
          Answer.to(
              "password has expired|password change required|change your password",
              "its password has expired: log in by hand and change it, or have root do it there"
                  + " (passwd USER)"),
          Answer.to(
              "account has expired",
              "have root prolong it there (chage -E -1 USER), or set ssh.user"),
          Answer.to(
              "not a terminal|suitable terminal|tmux|screen|connected to a terminal",
              "its shell profile starts a program for people, such as tmux: start that only where"
                  + " there is a terminal ([ -t 0 ] && exec tmux)"));

  private static final String ANOTHER =
      "something else answers in its place: ForceCommand in sshd_config, command= in"
          + " authorized_keys, the login shell in /etc/passwd, or a shell profile. Let this user"
          + " run commands, or set ssh.user to one who may";

  private static final RemoteProcess.Exit NOT_FOUND = new RemoteProcess.Exit.Status(127);

  /**
   * Why there is no shell of root's.
   *
   * @param asked whether a password was at hand for sudo
   */
  RemoteException reason(Become.Method method, String user, boolean asked) {
    if (!loggedIn) {
      var printed = stdout + "\n" + stderr;
      var remedy =
          LOGINS.stream().map(each -> each.to(printed)).flatMap(Optional::stream).findFirst();
      return new RemoteException.CommandFailed(
          "the login %s runs no commands (%s)".formatted(user, evidence()), remedy.orElse(ANOTHER));
    }
    return switch (method) {
      case SUDO -> exit.filter(NOT_FOUND::equals).isPresent() ? missing("sudo") : noSudo(asked);
      case DOAS ->
          exit.filter(NOT_FOUND::equals).isPresent()
              ? missing("doas")
              : new RemoteException.BecomeFailed(
                  "'doas -n' did not give root (%s)".formatted(evidence()),
                  "doas can only be used with 'permit nopass' in doas.conf");
      case NONE ->
          new RemoteException.CommandFailed(
              "the shell gave no answer (%s)".formatted(evidence()),
              "log in by hand and try: printf eA== | base64 -d | gzip -t; timeout 1 /bin/sh -c :");
    };
  }

  private RemoteException missing(String program) {
    return new RemoteException.BecomeFailed(
        "there is no %s on it (%s)".formatted(program, evidence()),
        "install it there, set ssh.become.method, or log in as root (ssh.user: root)");
  }

  private RemoteException noSudo(boolean asked) {
    return new RemoteException.BecomeFailed(
        "'sudo%s' did not give root (%s)".formatted(asked ? "" : " -n", evidence()),
        asked
            ? "log in by hand and try: sudo -v"
            : "set ssh.become.password or use --ask-become-pass, or give the user NOPASSWD in"
                + " sudoers, without requiretty");
  }

  /** How it ended and the last line of both streams, uncut. */
  private String evidence() {
    var how =
        exit.map(it ->
                switch (it) {
                  case RemoteProcess.Exit.Status(var code) -> "exit status " + code;
                  case RemoteProcess.Exit.Signal(var name) -> "signal " + name;
                })
            .orElse("no end");
    var said =
        Stream.of(stderr, stdout)
            .map(NoShell::lastLine)
            .filter(Predicate.not(String::isEmpty))
            .distinct()
            .collect(joining("; "));
    return how + ", " + (said.isEmpty() ? "no answer" : said);
  }

  /** The last line of what was printed that is not a marker of ours. */
  static String lastLine(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("@@"))
        .reduce((_, last) -> last)
        .orElse("");
  }
}

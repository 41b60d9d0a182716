package io.github.lumina4j.cli;

import io.github.lumina4j.cli.Completions.Source;
import io.github.lumina4j.cli.Completions.Values;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The scripts that complete command lines in a shell. They start no Java. */
final class CompletionScripts {
  private static final String FILES = "<files>";
  private static final String FOLDERS = "<folders>";

  /** Prints the pulled models; bash and zsh. */
  private static final String PULLED =
      """
      _lumina_pulled() {
        local folder=${HF_HUB_CACHE:-${HF_HOME:-$HOME/.cache/huggingface}/hub} name
        [ -d "$folder" ] || return 0
        command ls "$folder" | while IFS= read -r name; do
          case $name in
            models--*--*) name=${name#models--}; printf '%s\\n' "${name%%--*}/${name#*--}" ;;
          esac
        done
      }
      """;

  private static final String BASH =
      """
      _lumina() {
        local line=${COMP_LINE:0:COMP_POINT} word command='' option='' value='' place=0 skip='' i list kept
        local words=() replies=()
        read -ra words <<<"$line"
        word=${line##*[[:space:]]}
        [ -n "$word" ] || words+=('')
        COMPREPLY=()
        for ((i = 1; i < ${#words[@]} - 1; i++)); do
          if [ -n "$skip" ]; then skip=''; option=''; continue; fi
          case ${words[i]} in
            -*=*) ;;
            -*) option=${words[i]}; [ -z "$command" ] || ! _lumina_takes "$command" "$option" || skip=1 ;;
            *)
              if [ -z "$command" ]; then command=${words[i]}
              elif [ "$command" = demo-data ]; then command="demo-data ${words[i]}"
              else place=$((place + 1)); fi ;;
          esac
        done
        value=$word
        if [ -n "$skip" ]; then
          list=$(_lumina_values "$command" "$option")
        elif [ -z "$command" ]; then
          list=$(_lumina_commands)
        else
          case $word in
            -*=*) option=${word%%=*} value=${word#*=}; list=$(_lumina_values "$command" "$option") ;;
            -*) list=$(_lumina_options "$command") ;;
            *) list=$(_lumina_values "$command" "$place") ;;
          esac
        fi
        case $list in
          *'<files>'*) compopt -o filenames 2>/dev/null; mapfile -t replies < <(compgen -f -- "$value") ;;
          *'<folders>'*) compopt -o filenames 2>/dev/null; mapfile -t replies < <(compgen -d -- "$value") ;;
        esac
        kept=$(printf '%s\\n' "$list" | command grep -v '^<')
        mapfile -t words < <(compgen -W "$kept" -- "$value")
        COMPREPLY=("${words[@]}" "${replies[@]}")
        # The shell replaces what follows the last of its word breaks.
        case $value in
          *:*)
            case $COMP_WORDBREAKS in
              *:*) COMPREPLY=("${COMPREPLY[@]#"${value%"${value##*:}"}"}") ;;
            esac ;;
        esac
      }
      complete -F _lumina lumina ./lumina
      """;

  private static final String ZSH =
      """
      _lumina() {
        local command='' option='' skip='' word list place=0 i
        local -a kept
        for ((i = 2; i < CURRENT; i++)); do
          word=${words[i]}
          if [[ -n $skip ]]; then skip='' option=''; continue; fi
          case $word in
            -*=*) ;;
            -*) option=$word; [[ -n $command ]] && _lumina_takes "$command" "$option" && skip=1 ;;
            *)
              if [[ -z $command ]]; then command=$word
              elif [[ $command == demo-data ]]; then command="demo-data $word"
              else place=$((place + 1)); fi ;;
          esac
        done
        word=${words[CURRENT]}
        if [[ -n $skip ]]; then list=$(_lumina_values "$command" "$option")
        elif [[ -z $command ]]; then list=$(_lumina_commands)
        elif [[ $word == -*=* ]]; then list=$(_lumina_values "$command" "${word%%=*}"); compset -P '*='
        elif [[ $word == -* ]]; then list=$(_lumina_options "$command")
        else list=$(_lumina_values "$command" "$place"); fi
        kept=(${${(f)list}:#<*})
        (( $#kept )) && compadd -- $kept
        case $list in
          *'<files>'*) _files ;;
          *'<folders>'*) _files -/ ;;
        esac
        return 0
      }
      if ! whence compdef >/dev/null; then autoload -Uz compinit && compinit; fi
      compdef _lumina lumina
      """;

  private static final String FISH =
      """
      function __lumina_pulled
          set -l folder ~/.cache/huggingface/hub
          set -q HF_HOME; and set folder $HF_HOME/hub
          set -q HF_HUB_CACHE; and set folder $HF_HUB_CACHE
          for name in $folder/models--*--*
              string replace -r '.*/models--(.*?)--' '$1/' $name
          end
      end
      function __lumina_is
          set -l words (string match -v -- '-*' (commandline -opc))
          set -l last (math 1 + (count $argv))
          test (count $words) -ge $last
          and test "$words[2..$last]" = "$argv"
      end
      function __lumina_no_command
          test (count (string match -v -- '-*' (commandline -opc))) -eq 1
      end
      complete -c lumina -f
      """;

  private CompletionScripts() {}

  /** For {@code shell}: bash, zsh or fish. */
  static String of(String shell, List<Completions> commands) {
    return switch (shell) {
      case "bash" -> "# Completion of lumina for bash.\n" + data(commands) + BASH;
      case "zsh" -> "#compdef lumina\n# Completion of lumina for zsh.\n" + data(commands) + ZSH;
      case "fish" -> "# Completion of lumina for fish.\n" + FISH + fish(commands);
      default -> throw new IllegalArgumentException("no completion for " + shell);
    };
  }

  /** Functions that print what may follow, one a line; bash and zsh. */
  private static String data(List<Completions> commands) {
    StringBuilder text = new StringBuilder(PULLED);
    text.append("_lumina_commands() {\n")
        .append(print(Commands.names()))
        .append("}\n_lumina_options() {\n  case $1 in\n");
    for (Completions command : commands) {
      text.append("    '").append(command.command()).append("')\n");
      text.append("  ").append(print(longNames(command))).append("      ;;\n");
    }
    text.append("  esac\n}\n_lumina_takes() {\n  case \"$1 $2\" in\n");
    for (Completions command : commands) {
      String names =
          command.options().entrySet().stream()
              .filter(option -> option.getValue().taken())
              .map(option -> "'" + command.command() + " " + option.getKey() + "'")
              .collect(Collectors.joining(" | "));
      text.append(names.isEmpty() ? "" : "    " + names + ") return 0 ;;\n");
    }
    text.append("  esac\n  return 1\n}\n_lumina_values() {\n  case \"$1 $2\" in\n");
    for (Completions command : commands) {
      command.options().forEach((name, values) -> values(text, command, name, values));
      for (int i = 0; i < command.arguments().size(); i++) {
        values(text, command, Integer.toString(i), command.arguments().get(i));
      }
    }
    return text.append("  esac\n  return 0\n}\n").toString();
  }

  private static void values(StringBuilder text, Completions command, String name, Values values) {
    if (values.words().isEmpty() && values.source() == Source.NOTHING) {
      return;
    }
    text.append("    '").append(command.command()).append(' ').append(name).append("')\n");
    List<String> words =
        values.source() == Source.MODELS ? Completions.madeModels() : values.words();
    if (!words.isEmpty()) {
      text.append("  ").append(print(words));
    }
    switch (values.source()) {
      case FILES -> text.append("      printf '%s\\n' '" + FILES + "'\n");
      case FOLDERS -> text.append("      printf '%s\\n' '" + FOLDERS + "'\n");
      case MODELS -> text.append("      _lumina_pulled; printf '%s\\n' '" + FOLDERS + "'\n");
      case PULLED -> text.append("      _lumina_pulled\n");
      case NOTHING -> {}
    }
    text.append("      ;;\n");
  }

  private static String print(List<String> words) {
    return "    printf '%s\\n' " + String.join(" ", words) + "\n";
  }

  private static List<String> longNames(Completions command) {
    return command.options().keySet().stream().filter(name -> name.startsWith("--")).toList();
  }

  private static String fish(List<Completions> commands) {
    StringBuilder text = new StringBuilder();
    Commands.names()
        .forEach(
            name ->
                text.append("complete -c lumina -n __lumina_no_command -a ")
                    .append(name)
                    .append(" -d ")
                    .append(quote(Commands.header(name)))
                    .append('\n'));
    for (Completions command : commands) {
      String start = "complete -c lumina -n '__lumina_is " + command.command() + "'";
      for (Map.Entry<String, Values> option : command.options().entrySet()) {
        String name = option.getKey();
        text.append(start)
            .append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.charAt(1))
            .append(option.getValue().taken() ? fishValues(option.getValue()) : "")
            .append('\n');
      }
      if (!command.arguments().isEmpty()) {
        Values first = command.arguments().get(0);
        text.append(start).append(fishValues(first).replace(" -x", "")).append('\n');
      }
    }
    return text.toString();
  }

  private static String fishValues(Values values) {
    String words = String.join(" ", values.words());
    return switch (values.source()) {
      case FILES -> " -r -F" + (words.isEmpty() ? "" : " -a " + quote(words));
      case FOLDERS -> " -x -a '(__fish_complete_directories)'";
      case PULLED -> " -x -a '(__lumina_pulled)'";
      case MODELS ->
          " -x -a '"
              + String.join(" ", Completions.madeModels())
              + " (__lumina_pulled) (__fish_complete_directories)'";
      case NOTHING -> " -x" + (words.isEmpty() ? "" : " -a " + quote(words));
    };
  }

  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}

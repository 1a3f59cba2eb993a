package dev.anystore;

import dev.anystore.spi.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Chooses among the values that were found in one place for the settings of a group, or for one setting without a group.
 * Two names with different values are a conflict. A group is taken from one family of variables, the first that is whole;
 * half a family is an error, never filled up from another.
 */
final class SettingGroup {
    private final List<Setting> settings;
    private final List<Found> found;
    private final boolean fromEnvironment;
    private final Map<Setting, Found> chosen = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<Setting> wrong = new LinkedHashSet<>();

    SettingGroup(List<Setting> settings, List<Found> found, boolean fromEnvironment) {
        this.settings = settings;
        this.found = found;
        this.fromEnvironment = fromEnvironment;
    }

    void choose(boolean lenient) {
        for (Found one : found) {
            if (one.problem() != null) {
                problems.add(one.problem());
                wrong.add(one.setting());
            }
        }
        if (fromEnvironment && !families().isEmpty()) {
            chooseFamily();
        } else {
            found.forEach(one -> chosen.putIfAbsent(one.setting(), one));
            requireWhole(pair(), "they come from one place");
        }
        settings.forEach(setting -> compare(setting, lenient));
    }

    private void chooseFamily() {
        String best = null;
        for (String family : families()) {
            List<Found> members = membersOf(family);
            boolean whole =
                    pair().stream().allMatch(setting -> members.stream().anyMatch(one -> one.setting() == setting));
            if (whole) {
                best = family;
                break;
            }
            if (best == null && members.stream().anyMatch(one -> pair().contains(one.setting()))) {
                best = family;
            }
        }
        if (best == null) {
            return; // Only what joins others is there, such as a session token: nothing to join.
        }
        membersOf(best).forEach(one -> chosen.putIfAbsent(one.setting(), one));
        found.stream()
                .filter(one -> one.variable() != null && one.variable().family() == null)
                .forEach(one -> chosen.putIfAbsent(one.setting(), one));
        requireWhole(pair(), "they come from one family of names");
    }

    private List<Found> membersOf(String family) {
        return found.stream()
                .filter(one ->
                        one.variable() != null && family.equals(one.variable().family()))
                .toList();
    }

    private Set<String> families() {
        Set<String> families = new LinkedHashSet<>();
        for (Setting setting : settings) {
            setting.variables().stream()
                    .map(Setting.Variable::family)
                    .filter(Objects::nonNull)
                    .forEach(families::add);
        }
        return families;
    }

    /** The settings that need each other: those with a variable in every family. */
    private Set<Setting> pair() {
        Set<String> families = families();
        Set<Setting> pair = new LinkedHashSet<>();
        for (Setting setting : settings) {
            boolean everywhere = families.stream().allMatch(family -> setting.variables().stream()
                    .anyMatch(variable -> family.equals(variable.family())));
            if (!families.isEmpty() && everywhere) {
                pair.add(setting);
            }
        }
        return pair;
    }

    private void requireWhole(Set<Setting> pair, String why) {
        Found there = pair.stream()
                .map(chosen::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (there == null) {
            return;
        }
        for (Setting setting : pair) {
            if (!chosen.containsKey(setting)) {
                problems.add("%s is set without %s; %s".formatted(there.origin(), partner(there, setting), why));
                wrong.add(setting);
            }
        }
    }

    /** The name under which the missing half would stand beside the one that is there. */
    private static String partner(Found there, Setting missing) {
        Setting.Variable variable = there.variable();
        if (variable == null) {
            return missing.mapNames().isEmpty()
                    ? missing.name()
                    : missing.mapNames().get(0);
        }
        return missing.variables().stream()
                .filter(other -> Objects.equals(other.family(), variable.family()))
                .map(Setting.Variable::name)
                .findFirst()
                .orElse(missing.howToSet());
    }

    private void compare(Setting setting, boolean lenient) {
        Found winner = chosen.get(setting);
        if (winner == null || winner.text() == null) {
            return;
        }
        for (Found other : found) {
            if (other.setting() != setting || other.text() == null || other.means(winner)) {
                continue;
            }
            String both = "%s and %s have different values".formatted(winner.origin(), other.origin());
            if (lenient && fromEnvironment) {
                warnings.add(
                        both + "; " + winner.origin() + " is used because " + SettingsResolver.LENIENT + " is set");
            } else {
                problems.add(both + "; unset one of them");
                wrong.add(setting);
                chosen.remove(setting);
                return;
            }
        }
    }

    /** The values, one for each setting that has any; those that are wrong are without text. */
    Map<Setting, Found> chosen() {
        return chosen;
    }

    /** What is wrong with them. */
    List<String> problems() {
        return problems;
    }

    /** What was decided because the user asked for leniency. */
    List<String> warnings() {
        return warnings;
    }

    /** The settings that the problems are about. */
    Set<Setting> wrong() {
        return wrong;
    }
}

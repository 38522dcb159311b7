package io.agenthub.mcp.internal.config;

import io.agenthub.api.Settings;
import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values in place of <code>${NAME}</code>, <code>${NAME:-default}</code> and <code>${env:NAME}</code>, and of the
 * variables that editors define: {@code userHome}, {@code workspaceFolder}, {@code workspaceFolderBasename}, {@code /} and
 * {@code pathSeparator}. A dollar sign is doubled where <code>${</code> is meant as it stands.
 */
final class Variables {
    private static final Pattern REFERENCE = Pattern.compile("\\$(\\$\\{)|\\$\\{([^{}]*)}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Function<String, Optional<String>> lookup;
    private final Path folder;

    /** Looks up variables, and paths from the folder that the file is in. */
    Variables(Function<String, Optional<String>> lookup, Path folder) {
        this.lookup = lookup;
        this.folder = folder;
    }

    /**
     * Expands one value.
     *
     * @throws io.agenthub.api.ConfigurationException if a variable is undefined; names it, and no value
     */
    String expand(Settings settings, String key, String text) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        return REFERENCE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group(1) != null ? match.group(1) : value(settings, key, match.group(2))));
    }

    private String value(Settings settings, String key, String reference) {
        String bare = reference.startsWith("env:") ? reference.substring("env:".length()) : reference;
        int marker = bare.indexOf(":-");
        String name = marker < 0 ? bare : bare.substring(0, marker);
        if (bare.equals(reference)) {
            Optional<String> defined = editorVariable(name);
            if (defined.isPresent()) {
                return defined.get();
            }
        }
        if (name.startsWith("input:")) {
            throw settings.error(
                    key, "${" + name + "} asks a person, and nobody is there; write ${env:NAME} and set that variable");
        }
        if (!NAME.matcher(name).matches()) {
            throw settings.error(key, "'${" + name + "}' is not a variable; write $${ for a plain ${");
        }
        Optional<String> value = lookup.apply(name).filter(found -> marker < 0 || !found.isEmpty());
        if (value.isEmpty() && marker < 0) {
            throw settings.error(
                    key, "variable " + name + " is not defined; set it, or give a default: ${" + name + ":-…}");
        }
        return value.orElseGet(() -> bare.substring(marker + 2));
    }

    private Optional<String> editorVariable(String name) {
        return switch (name) {
            case "userHome" -> Optional.of(System.getProperty("user.home", ""));
            case "workspaceFolder" -> Optional.of(workspace().toString());
            case "workspaceFolderBasename" ->
                Optional.ofNullable(workspace().getFileName()).map(Path::toString);
            case "/", "pathSeparator" -> Optional.of(File.separator);
            default -> Optional.empty();
        };
    }

    /** Editors keep the file in a folder of their own, such as {@code .vscode}, inside the workspace. */
    private Path workspace() {
        Path name = folder.getFileName();
        Path parent = folder.getParent();
        return name != null && name.toString().startsWith(".") && parent != null ? parent : folder;
    }
}

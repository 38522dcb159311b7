package io.agenthub.mcp.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs({OS.LINUX, OS.MAC})
class CommandResolverTest {
    @TempDir
    Path folder;

    private Path program(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private CommandResolver resolver(String path) {
        return new CommandResolver(path, Optional.of(folder));
    }

    @Test
    void aNameIsFoundInTheFirstFolderOfThePathThatHasIt() throws IOException {
        Path second = program("two/tool");
        String path = folder.resolve("none") + ":" + folder.resolve("two") + ":" + folder.resolve("three");
        program("three/tool");
        assertEquals(second, resolver(path).resolve("tool"));
    }

    @Test
    void theCurrentFolderIsNeverSearched() throws IOException {
        program("tool");
        for (String path : new String[] {"", ".", ":", "./", "relative:.:"}) {
            IOException missing =
                    assertThrows(IOException.class, () -> resolver(path).resolve("tool"));
            assertTrue(missing.getMessage().contains("'tool' was not found in PATH"), missing.getMessage());
        }
    }

    @Test
    void aPathIsTakenFromTheWorkingFolder() throws IOException {
        Path tool = program("bin/tool");
        assertEquals(tool, resolver("").resolve("bin/tool"));
        assertEquals(tool, resolver("").resolve(tool.toString()));
    }

    @Test
    void whatCannotBeRunIsSaidToBeSo() throws IOException {
        Files.writeString(folder.resolve("data"), "x");
        Files.createDirectory(folder.resolve("folder"));
        assertMentions("./absent", "does not exist");
        assertMentions("./data", "may not be executed");
        assertMentions("./folder", "is a directory");
    }

    private void assertMentions(String command, String problem) {
        IOException failure = assertThrows(IOException.class, () -> resolver("").resolve(command));
        assertTrue(failure.getMessage().contains(problem), failure.getMessage());
    }
}

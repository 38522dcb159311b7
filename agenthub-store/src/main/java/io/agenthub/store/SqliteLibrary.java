package io.agenthub.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The native library of the driver, loaded once. The driver itself would unpack it to a folder that everybody can write, compare the
 * two byte by byte, which takes a tenth of the whole start, and leave it there if the JVM is killed. Here it is unpacked to a folder
 * that is only ours, and gone as soon as it is loaded.
 */
final class SqliteLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);
    private static final String FOLDER = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final String TEMPORARY = "org.sqlite.tmpdir";
    private static boolean tried;

    private SqliteLibrary() {}

    /** Loads it. What fails here the driver tries again in its own way, and tells. */
    static synchronized void load() {
        if (!tried) {
            tried = true;
            // Windows does not let go of what is loaded, and who names a folder means it.
            boolean driver = System.getProperty("os.name", "").startsWith("Windows")
                    || System.getProperty(FOLDER) != null
                    || System.getProperty(NAME) != null;
            if (!driver) {
                unpackAndLoad();
            }
        }
    }

    private static void unpackAndLoad() {
        String name = LibraryLoaderUtil.getNativeLibName();
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (packed != null) {
                Path folder = folder();
                Path file = folder.resolve(name);
                try {
                    Files.copy(packed, file);
                    loadFrom(folder);
                } finally {
                    Files.deleteIfExists(file);
                    Files.delete(folder);
                }
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("SQLite's library is left to its driver");
        }
    }

    /** Of the owner alone, where the system knows owners. */
    private static Path folder() throws IOException {
        String parent = System.getProperty(TEMPORARY);
        return parent == null
                ? Files.createTempDirectory("agenthub-sqlite-")
                : Files.createTempDirectory(Path.of(parent), "agenthub-sqlite-");
    }

    private static void loadFrom(Path folder) {
        // The driver can be told in no other way.
        System.setProperty(FOLDER, folder.toString());
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) { // as it is declared
            LOG.atDebug().setCause(e).log("SQLite's library cannot be loaded from {}", folder);
        } finally {
            System.clearProperty(FOLDER);
        }
    }
}

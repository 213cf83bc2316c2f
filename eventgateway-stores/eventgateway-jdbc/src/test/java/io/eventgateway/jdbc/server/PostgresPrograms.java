package io.eventgateway.jdbc.server;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of PostgreSQL for this operating system and processor: an archive that an artifact of the group
 * {@code io.zonky.test.postgres} brings, which this module's pom chooses.
 */
final class PostgresPrograms {
    private PostgresPrograms() {}

    /** Unpacks the programs into a new directory and returns the directory of the executables. */
    static Path unpack(Path directory) throws IOException {
        String archive = "/postgres-" + system() + "-" + processor() + ".txz";
        try (InputStream packed = PostgresPrograms.class.getResourceAsStream(archive)) {
            if (packed == null) {
                throw new FileNotFoundException(
                        "no PostgreSQL for this system: " + archive + " is not on the class path; the"
                                + " property postgresql-server.platform of the pom chooses the artifact");
            }
            try (TarArchiveInputStream entries = new TarArchiveInputStream(new XZInputStream(packed))) {
                for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                    unpack(entry, entries, directory.resolve(entry.getName()).normalize());
                }
            }
        }
        return directory.resolve("bin");
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, file);
        if (file.getParent().endsWith("bin")) {
            file.toFile().setExecutable(true, false);
        }
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name.startsWith("windows") ? "windows" : "linux";
    }

    private static String processor() {
        String name = System.getProperty("os.arch");
        return name.equals("aarch64") ? "arm_64" : "x86_64";
    }
}

package io.agenthub.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Another database, for tests that make it do something else in places. */
abstract class DelegatingDatabase implements Database {
    private final Database real;

    DelegatingDatabase(Database real) {
        this.real = real;
    }

    @Override
    public void commit(Connection writer) throws SQLException {
        real.commit(writer);
    }

    @Override
    public Connection connectWriter() throws SQLException {
        return real.connectWriter();
    }

    @Override
    public Connection connectReader() throws SQLException {
        return real.connectReader();
    }

    @Override
    public Watch abortWhen(Connection reader, BooleanSupplier condition) throws SQLException {
        return real.abortWhen(reader, condition);
    }

    @Override
    public void begin(Connection writer) throws SQLException {
        real.begin(writer);
    }

    @Override
    public void rollback(Connection writer) throws SQLException {
        real.rollback(writer);
    }

    @Override
    public boolean isAlone() {
        return real.isAlone();
    }

    @Override
    public String lockClause() {
        return real.lockClause();
    }

    @Override
    public String containsText() {
        return real.containsText();
    }

    @Override
    public String pattern(String part) {
        return real.pattern(part);
    }

    @Override
    public Trouble trouble(SQLException failure) {
        return real.trouble(failure);
    }

    @Override
    public boolean isDamaged() {
        return real.isDamaged();
    }

    @Override
    public Optional<String> setAside() {
        return real.setAside();
    }

    @Override
    public long usedBytes(Connection writer) throws SQLException {
        return real.usedBytes(writer);
    }

    @Override
    public boolean giveBack(Connection writer) throws SQLException {
        return real.giveBack(writer);
    }

    @Override
    public void settle(Connection writer) throws SQLException {
        real.settle(writer);
    }

    @Override
    public byte[] key(Connection writer) throws SQLException {
        return real.key(writer);
    }

    @Override
    public Heads heads() {
        return real.heads();
    }

    @Override
    public void release() {
        real.release();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.Arrays;

/** Loading and unloading of keys, and files that hold them. */
final class KeyCommands {

    private final FakeHost host;

    KeyCommands(FakeHost host) {
        this.host = host;
    }

    void register(Commands commands) {
        commands.on(ZfsCommand.LoadKey.class, this::load);
        commands.on(ZfsCommand.UnloadKey.class, this::unload);
        commands.on(ZfsCommand.StoreKey.class, this::store);
        commands.on(ZfsCommand.RemoveKey.class, this::remove);
    }

    private Effect store(ZfsCommand.StoreKey command) {
        byte[] key = command.key().reveal();
        byte[] known = host.keyFiles().putIfAbsent(FakeHost.FILE + command.path(), key);
        if (known != null && !Arrays.equals(known, key)) {
            throw new Refusal(Kind.ALREADY_EXISTS, command.path() + " is there, with other contents");
        }
        return known == null ? Effect.DONE : Effect.ALREADY;
    }

    private Effect remove(ZfsCommand.RemoveKey command) {
        return host.keyFiles().remove(FakeHost.FILE + command.path()) == null ? Effect.ALREADY : Effect.DONE;
    }

    private Effect load(ZfsCommand.LoadKey command) {
        FakeDataset dataset = host.dataset(command.root());
        Crypt crypt = crypt(dataset, "load");
        WrappingKey key = key(dataset, crypt, "load");
        byte[] given = command.key().reveal();
        if (crypt.loaded()) {
            return Effect.ALREADY;
        }
        if (!WrappingKey.isWellFormed(key.format(), given) || !key.opensWith(given)) {
            throw new Refusal(Kind.WRONG_KEY, "Key load error: Incorrect key provided for '" + dataset.name() + "'.");
        }
        crypt.loaded(true);
        return Effect.DONE;
    }

    private Effect unload(ZfsCommand.UnloadKey command) {
        FakeDataset dataset = host.dataset(command.root());
        Crypt crypt = crypt(dataset, "unload");
        key(dataset, crypt, "unload");
        if (!crypt.loaded()) {
            return Effect.ALREADY;
        }
        host.forEach(each -> {
            if (each.encryptionRoot() == dataset && (each.isMounted() || each.isReceiving())) {
                throw new Refusal(Kind.BUSY, "Key unload error: '" + each.name() + "' is busy.");
            }
        });
        crypt.loaded(false);
        return Effect.DONE;
    }

    private static Crypt crypt(FakeDataset dataset, String verb) {
        Crypt crypt = dataset.crypt();
        if (crypt == null) {
            throw new Refusal(Kind.INVALID, "Key " + verb + " error: '" + dataset.name() + "' is not encrypted.");
        }
        return crypt;
    }

    private static WrappingKey key(FakeDataset dataset, Crypt crypt, String verb) {
        WrappingKey key = crypt.key();
        if (key == null) {
            throw new Refusal(
                    Kind.INVALID,
                    "Key " + verb + " error: Keys must be " + verb + "ed for encryption root of '" + dataset.name()
                            + "'");
        }
        return key;
    }
}

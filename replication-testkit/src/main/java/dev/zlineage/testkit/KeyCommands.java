// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Secret;
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
        commands.on(ZfsCommand.CheckKey.class, this::check);
        commands.on(ZfsCommand.UnloadKey.class, this::unload);
        commands.on(ZfsCommand.InheritKey.class, this::inherit);
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
        if (crypt.loaded()) {
            return Effect.ALREADY;
        }
        requireFitting(dataset, key, command.key());
        crypt.loaded(true);
        return Effect.DONE;
    }

    private Effect check(ZfsCommand.CheckKey command) {
        FakeDataset dataset = host.dataset(command.root());
        requireFitting(dataset, key(dataset, crypt(dataset, "load"), "load"), command.key());
        return Effect.DONE;
    }

    private static void requireFitting(FakeDataset dataset, WrappingKey key, Secret secret) {
        byte[] given = secret.reveal();
        if (!WrappingKey.isWellFormed(key.format(), given) || !key.opensWith(given)) {
            throw new Refusal(Kind.WRONG_KEY, "Key load error: Incorrect key provided for '" + dataset.name() + "'.");
        }
    }

    private Effect inherit(ZfsCommand.InheritKey command) {
        FakeDataset dataset = host.dataset(command.dataset());
        Crypt crypt = dataset.crypt();
        FakeDataset above = dataset.name()
                .parent()
                .map(host::dataset)
                .map(FakeDataset::encryptionRoot)
                .orElse(null);
        if (crypt == null) {
            throw new Refusal(Kind.INVALID, "Key change error: Dataset not encrypted.");
        }
        if (crypt.key() == null) {
            return Effect.ALREADY;
        }
        if (above == null) {
            throw new Refusal(Kind.INVALID, "Key change error: Parent must be encrypted.");
        }
        if (!above.isOpen()) {
            throw new Refusal(Kind.KEY_NOT_LOADED, "Key change error: Parent key must be loaded.");
        }
        if (!crypt.loaded()) {
            throw new Refusal(Kind.KEY_NOT_LOADED, "Key change error: Key must be loaded.");
        }
        host.forEach(each -> {
            Crypt inherited = each.crypt();
            if (inherited != null && each.encryptionRoot() == dataset) {
                inherited.opensWith(above);
            }
        });
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

// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

class InMemoryTaskStoreTest extends TaskStoreContract {

    @Override
    TaskStore open() {
        return new InMemoryTaskStore();
    }
}

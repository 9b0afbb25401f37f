#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/java_hash.h"

namespace streamscope::base {

/// Keys in the order in which Java's HashSet or HashMap gives them. Some of Kafka's algorithms go through such a map,
/// and who gets what depends on it. The order within a bucket is that of insertion, which holds as long as no bucket is
/// full of collisions (Java makes a tree of eight).
template <class Key>
class JavaHashOrder {
 public:
  /// Java's initial capacity; 16 unless a constructor was given one.
  explicit JavaHashOrder(size_t initialCapacity = 16) { growTo(initialCapacity); }

  /// `key` must not be there yet.
  void insert(Key key) {
    const auto hash = static_cast<uint32_t>(javaHashCode(key));
    m_entries.push_back({hash ^ (hash >> 16U), std::move(key)});
    // Java doubles its table at a load of three quarters and never makes it smaller.
    if (m_entries.size() * 4 > m_capacity * 3) m_capacity *= 2;
  }
  void erase(const Key& key) {
    std::erase_if(m_entries, [&](const Entry& entry) { return entry.key == key; });
  }
  bool empty() const { return m_entries.empty(); }

  /// The first key that Java's iterator gives; there must be one.
  const Key& first() const {
    return std::min_element(m_entries.begin(), m_entries.end(),
                            [this](const Entry& a, const Entry& b) { return bucket(a) < bucket(b); })
        ->key;
  }
  std::vector<Key> keys() const {
    std::vector<Entry> sorted = m_entries;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [this](const Entry& a, const Entry& b) { return bucket(a) < bucket(b); });
    std::vector<Key> keys;
    keys.reserve(sorted.size());
    for (Entry& entry : sorted) keys.push_back(std::move(entry.key));
    return keys;
  }

 private:
  struct Entry {
    uint32_t hash;
    Key key;
  };
  size_t bucket(const Entry& entry) const { return entry.hash & (m_capacity - 1); }
  void growTo(size_t capacity) {
    while (m_capacity < capacity) m_capacity *= 2;
  }

  size_t m_capacity = 1;
  std::vector<Entry> m_entries;
};

/// `keys`, which differ from each other and stand in the order of their insertion, as a HashMap gives them.
template <class Key>
std::vector<Key> inJavaHashOrder(const std::vector<Key>& keys) {
  JavaHashOrder<Key> order;
  for (const Key& key : keys) order.insert(key);
  return order.keys();
}

}  // namespace streamscope::base

// The calls into MuJoCo that the Java binding makes. Each that may raise mju_error is guarded: the error comes back as a
// false or null result, with its text in mopo_error(), where MuJoCo alone would end the process.
#ifndef MOPO_MUJOCO_CALLS_H_
#define MOPO_MUJOCO_CALLS_H_

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <mujoco/mujoco.h>
#include <mujoco/mjxmacro.h>

static thread_local std::jmp_buf* mopo_landing = nullptr;
static thread_local char mopo_error_text[1024];

static void mopo_on_error(const char* text) {
  std::snprintf(mopo_error_text, sizeof mopo_error_text, "%s", text);
  if (mopo_landing != nullptr) {
    std::longjmp(*mopo_landing, 1);
  }
  // MuJoCo does not survive a return from here.
  std::fprintf(stderr, "MuJoCo error outside a guarded call: %s\n", text);
  std::abort();
}

// MuJoCo counts its warnings in mjData as well; the default handler would also write MUJOCO_LOG.TXT.
static void mopo_on_warning(const char*) {}

static void mopo_install_handlers() {
  mju_user_error = mopo_on_error;
  mju_user_warning = mopo_on_warning;
}

// The text of this thread's last failed call.
static const char* mopo_error() { return mopo_error_text; }

static int mopo_header_version() { return mjVERSION_HEADER; }

// Runs `call`; false if it raised mju_error. No object of ours with a destructor may live in the frames that longjmp
// leaves. MuJoCo's own compiler, which is C++, turns the errors it raises into load errors before they get here.
template <typename Call>
static bool mopo_guarded(const Call& call) {
  std::jmp_buf here;
  std::jmp_buf* const outer = mopo_landing;
  volatile bool succeeded = false;
  mopo_landing = &here;
  if (setjmp(here) == 0) {
    call();
    succeeded = true;
  }
  mopo_landing = outer;
  return succeeded;
}

static mjModel* mopo_load_xml(const char* xml) {
  mjModel* volatile model = nullptr;
  mjVFS files;
  mj_defaultVFS(&files);
  const bool succeeded = mopo_guarded([&] {
    mj_addBufferVFS(&files, "model.xml", xml, static_cast<int>(std::strlen(xml)));
    model = mj_loadXML("model.xml", &files, mopo_error_text, sizeof mopo_error_text);
  });
  mj_deleteVFS(&files);
  return succeeded ? model : nullptr;
}

static mjData* mopo_make_data(const mjModel* model) {
  mjData* volatile data = nullptr;
  const bool succeeded = mopo_guarded([&] { data = mj_makeData(model); });
  return succeeded ? data : nullptr;
}

static bool mopo_reset(const mjModel* model, mjData* data) {
  return mopo_guarded([&] { mj_resetData(model, data); });
}

static bool mopo_forward(const mjModel* model, mjData* data) {
  return mopo_guarded([&] { mj_forward(model, data); });
}

static bool mopo_step(const mjModel* model, mjData* data, int steps, bool contact_forces) {
  return mopo_guarded([&] {
    for (int i = 0; i < steps; i++) {
      mj_step(model, data);
    }
    // mj_step leaves cfrc_ext alone unless a sensor asks for it.
    if (contact_forces) {
      mj_rnePostConstraint(model, data);
    }
  });
}

static int mopo_warnings(const mjData* data) {
  int count = 0;
  for (int i = 0; i < mjNWARNING; i++) {
    count += data->warning[i].number;
  }
  return count;
}

template <typename Number>
static int mopo_copy_numbers(const Number* from, long long count, double* to, int capacity) {
  for (long long i = 0; i < count && i < capacity; i++) {
    to[i] = static_cast<double>(from[i]);
  }
  return static_cast<int>(count);
}

// Copies a numeric field of mjModel, or of its mjOption with the prefix "opt_", by MuJoCo's own name; returns how many
// numbers it has, or -1 where there is no such field.
static int mopo_numbers(const mjModel* model, const char* field, double* to, int capacity) {
  MJMODEL_POINTERS_PREAMBLE(model)
#define X(type, name, rows, columns)                                                                 \
  if (std::strcmp(field, #name) == 0) {                                                              \
    return mopo_copy_numbers(model->name, static_cast<long long>(model->rows) * (columns), to, capacity); \
  }
#define XNV X
  MJMODEL_POINTERS
#undef XNV
#undef X
#define X(name)                                              \
  if (std::strcmp(field, #name) == 0) {                      \
    return mopo_copy_numbers(&model->name, 1, to, capacity); \
  }
  MJMODEL_INTS
#undef X
#define X(type, name)                                            \
  if (std::strcmp(field, "opt_" #name) == 0) {                   \
    return mopo_copy_numbers(&model->opt.name, 1, to, capacity); \
  }
  MJOPTION_SCALARS
#undef X
#define X(name, size)                                              \
  if (std::strcmp(field, "opt_" #name) == 0) {                     \
    return mopo_copy_numbers(model->opt.name, size, to, capacity); \
  }
  MJOPTION_VECTORS
#undef X
  return -1;
}

// The name of the object of this type ("body", "joint", "geom", "actuator", ...); empty where it has none.
static const char* mopo_name(const mjModel* model, const char* type, int id) {
  const char* name = mj_id2name(model, mju_str2Type(type), id);
  return name == nullptr ? "" : name;
}

#endif  // MOPO_MUJOCO_CALLS_H_

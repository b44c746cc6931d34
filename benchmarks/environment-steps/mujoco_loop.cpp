// One contestant of compare.py: a plain loop over mj_step that copies out qpos and qvel.
// Usage: mujoco_loop MODEL.xml EPISODES FRAME_SKIP CONTACT_FORCES
// For each "N" read, runs the recorded episodes N times and prints the seconds spent in steps and the sum of the last qpos.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

#include <mujoco/mujoco.h>

template <typename T>
static std::vector<T> read(std::ifstream& file, std::size_t count) {
  std::vector<T> values(count);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(T)));
  if (!file) {
    std::fprintf(stderr, "the file of episodes is too short\n");
    std::exit(1);
  }
  return values;
}

int main(int count, char** arguments) {
  if (count != 5) {
    std::fprintf(stderr, "usage: mujoco_loop MODEL.xml EPISODES FRAME_SKIP CONTACT_FORCES\n");
    return 2;
  }
  char error[1000] = "";
  mjModel* model = mj_loadXML(arguments[1], nullptr, error, sizeof error);
  if (model == nullptr) {
    std::fprintf(stderr, "%s\n", error);
    return 1;
  }
  mjData* data = mj_makeData(model);
  std::ifstream file(arguments[2], std::ios::binary);
  const int frame_skip = std::atoi(arguments[3]);
  const bool contact_forces = std::atoi(arguments[4]) != 0;

  const int steps = read<std::int32_t>(file, 1)[0];
  const int starts = read<std::int32_t>(file, 1)[0];
  const auto start_index = read<std::int32_t>(file, starts);
  const auto start_qpos = read<double>(file, static_cast<std::size_t>(starts) * model->nq);
  const auto start_qvel = read<double>(file, static_cast<std::size_t>(starts) * model->nv);
  const auto actions = read<double>(file, static_cast<std::size_t>(steps) * model->nu);
  std::vector<double> qpos(model->nq), qvel(model->nv);

  int runs;
  while (std::scanf("%d", &runs) == 1) {
    std::chrono::duration<double> seconds{0};
    for (; runs > 0; runs--) {
      for (int episode = 0; episode < starts; episode++) {
        mj_resetData(model, data);
        std::memcpy(data->qpos, &start_qpos[static_cast<std::size_t>(episode) * model->nq], model->nq * sizeof(double));
        std::memcpy(data->qvel, &start_qvel[static_cast<std::size_t>(episode) * model->nv], model->nv * sizeof(double));
        mj_forward(model, data);
        const int end = episode + 1 < starts ? start_index[episode + 1] : steps;
        const auto before = std::chrono::steady_clock::now();
        for (int step = start_index[episode]; step < end; step++) {
          std::memcpy(data->ctrl, &actions[static_cast<std::size_t>(step) * model->nu], model->nu * sizeof(double));
          for (int i = 0; i < frame_skip; i++) {
            mj_step(model, data);
          }
          if (contact_forces) {
            mj_rnePostConstraint(model, data);
          }
          std::memcpy(qpos.data(), data->qpos, model->nq * sizeof(double));
          std::memcpy(qvel.data(), data->qvel, model->nv * sizeof(double));
        }
        seconds += std::chrono::steady_clock::now() - before;
      }
    }
    double sum = 0;
    for (double position : qpos) {
      sum += position;
    }
    std::printf("%.9f %.17g\n", seconds.count(), sum);
    std::fflush(stdout);
  }
  mj_deleteData(data);
  mj_deleteModel(model);
  return 0;
}

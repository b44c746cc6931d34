"""A nightly sweep over whatever new datasets lie in a folder, by deploy/nightly-sweep. For Airflow 3.

Put this file, or a link to it, into Airflow's folder of DAGs, and set three variables (airflow variables set NAME VALUE):
mopo_home (the project's folder), mopo_data (the folder of the datasets), mopo_output (takes the sweeps).
"""

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    dag_id="mopo_nightly_sweep",
    description="Trains policies on the datasets that are new since last night",
    schedule="0 1 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    # A night that was missed is made up for by the next: what counts is what lies in the folder.
    catchup=False,
    # A sweep may take longer than a day; the script refuses to run twice at once.
    max_active_runs=1,
    tags=["mopo"],
) as dag:
    BashOperator(
        task_id="sweep",
        bash_command=(
            'exec "$MOPO_HOME/deploy/nightly-sweep" --data "$MOPO_DATA" --output "$MOPO_OUTPUT"'
        ),
        # As variables of the environment, so that no character of a path means something to the shell.
        env={
            "MOPO_HOME": "{{ var.value.mopo_home }}",
            "MOPO_DATA": "{{ var.value.mopo_data }}",
            "MOPO_OUTPUT": "{{ var.value.mopo_output }}",
        },
        append_env=True,
        # A sweep goes on where it was broken off, so that trying again costs what was lost only.
        retries=2,
        retry_delay=timedelta(minutes=10),
    )

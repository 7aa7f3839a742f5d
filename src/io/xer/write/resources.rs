//! Resources, their prices and what tasks need of them.

use super::super::values::shown;
use super::rows::{cell, date};
use super::{PROJECT, Writer};
use crate::index::Id;
use crate::plan::draft::TableKind;
use crate::plan::{DemandSource, ResourceKind};

impl Writer<'_> {
    pub(super) fn resources(&mut self) {
        let plan = self.plan;
        self.table(
            "RSRC",
            &[
                "rsrc_id",
                "clndr_id",
                "rsrc_seq_num",
                "rsrc_name",
                "rsrc_short_name",
                "def_qty_per_hr",
                "cost_qty_type",
                "active_flag",
                "auto_compute_act_flag",
                "def_cost_qty_link_flag",
                "ot_flag",
                "curr_id",
                "rsrc_type",
            ],
        );
        for id in plan.resources().ids() {
            let resource = &plan.resources()[id];
            let number = (id.index() + 1).to_string();
            let calendar = (plan.calendar_of(id).index() + 1).to_string();
            let kind = if resource.kind == ResourceKind::Material { "RT_Mat" } else { "RT_Labor" };
            self.row(&[
                &number,
                &calendar,
                &number,
                &cell(resource.title()),
                &cell(&resource.id),
                "1",
                "QT_Hour",
                "Y",
                "Y",
                "Y",
                "N",
                "1",
                kind,
            ]);
            if resource.kind == ResourceKind::Material && resource.capacity.is_some() {
                self.losses.warn(
                    (TableKind::Resources, "capacity"),
                    ("totals of materials", "are left out"),
                    &resource.id,
                );
            }
        }
        self.table("RSRCRATE", &["rsrc_rate_id", "rsrc_id", "max_qty_per_hr", "cost_per_qty", "start_date"]);
        for id in plan.resources().ids() {
            let resource = &plan.resources()[id];
            let number = (id.index() + 1).to_string();
            if resource.kind == ResourceKind::Work && !resource.rate.is_whole_an_hour(100) {
                let words = ("prices of resources", "are rounded to four decimals");
                self.losses.note((TableKind::Resources, "rate"), words, &resource.id);
            }
            let price = resource.rate.money.0 as f64 / 100.0;
            let price = match resource.kind {
                ResourceKind::Material => price,
                ResourceKind::Work => price * 60.0 / resource.rate.per.0.max(1) as f64,
            };
            let units = match (resource.kind, resource.capacity) {
                (ResourceKind::Work, Some(units)) => shown(units.0 as f64 / 10_000.0, 4),
                _ => String::new(),
            };
            self.row(&[&number, &number, &units, &shown(price, 4), &date(Some(plan.project().start))]);
        }
    }

    pub(super) fn assignments(&mut self) {
        let plan = self.plan;
        self.table(
            "TASKRSRC",
            &[
                "taskrsrc_id",
                "task_id",
                "proj_id",
                "cost_qty_link_flag",
                "rsrc_id",
                "remain_qty",
                "target_qty",
                "remain_qty_per_hr",
                "target_qty_per_hr",
                "act_reg_qty",
                "rate_type",
                "rsrc_type",
                "cost_per_qty_source_type",
            ],
        );
        let mut number = 0_usize;
        for id in plan.tasks().ids() {
            let Some(mode) = plan.modes_of(id).first() else { continue };
            for demand in plan.demands_of(mode) {
                let DemandSource::Resource(resource) = demand.source else {
                    let task = &plan.tasks()[id].id;
                    self.losses.warn((TableKind::Tasks, "resources"), ("demands for skills", "are left out"), task);
                    continue;
                };
                number += 1;
                let amount = demand.amount.0 as f64 / 10_000.0;
                let is_material = plan.resources()[resource].kind == ResourceKind::Material;
                let quantity = if is_material { amount } else { amount * mode.duration.minutes().0 as f64 / 60.0 };
                let (quantity, a_time) =
                    (shown(quantity, 4), if is_material { String::new() } else { shown(amount, 4) });
                let (task, resource) = ((id.index() + 1).to_string(), (resource.index() + 1).to_string());
                let kind = if is_material { "RT_Mat" } else { "RT_Labor" };
                self.row(&[
                    &number.to_string(),
                    &task,
                    &PROJECT.to_string(),
                    "Y",
                    &resource,
                    &quantity,
                    &quantity,
                    &a_time,
                    &a_time,
                    "0",
                    "COST_PER_QTY",
                    kind,
                    "ST_Rsrc",
                ]);
            }
        }
    }
}

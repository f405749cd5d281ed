;;         li s1, 50
;;         fcvt.d.l fa0, s1
;;         fcvt.d.l fa1, s1
;; again:  fadd.d fa0, fa0, fa1
;;         addi s1, s1, -1
;;         bnez s1, again
;;         ebreak
(module
  (type (;0;) (func (param i32 i32) (result i64 i32)))
  (type (;1;) (func (param i64 i32 i32 i64 i64 i32) (result i64 i32)))
  (type (;2;) (func (param i64 i64 i32) (result i64)))
  (type (;3;) (func (param i64 i32) (result i64)))
  (type (;4;) (func (param i64 i64 i64 i32) (result i64)))
  (type (;5;) (func (param i64 i32 i32) (result i64)))
  (type (;6;) (func (param i64) (result i64)))
  (import "host" "memory" (memory (;0;) 2090 2090))
  (import "host" "own" (table (;0;) 0 funcref))
  (func (;0;) (type 0) (param i32 i32) (result i64 i32)
    (local i64 i64 i32 i32 i64 f64 f64 f64 i32 i64)
    (if  ;; label = @1
      (i32.lt_s
        (i32.or
          (i32.sub
            (local.get 0)
            (i32.const 12))
          (local.get 1))
        (i32.const 0))
      (then
        (i32.store
          (i32.const 3076)
          (i32.const 0))
        (return
          (i64.or
            (i64.const 65548)
            (i64.extend_i32_u
              (i32.lt_s
                (local.get 0)
                (i32.const 12))))
          (local.get 0))))
    (block  ;; label = @1
      (block  ;; label = @2
        (local.set 6
          (i64.load
            (i32.const 72)))
        (local.set 7
          (f64.load
            (i32.const 592)))
        (local.set 8
          (f64.load
            (i32.const 600)))
        (loop  ;; label = @3
          (block  ;; label = @4
            (local.set 9
              (f64.add
                (local.get 7)
                (local.get 8)))
            (if  ;; label = @5
              (i32.and
                (i32.eq
                  (i32.and
                    (i32.load
                      (i32.const 768))
                    (i32.const 225))
                  (i32.const 1))
                (f64.lt
                  (f64.abs
                    (local.get 9))
                  (f64.const inf (;=inf;))))
              (then
                (local.set 7
                  (local.get 9)))
              (else
                (local.set 10
                  (i32.shr_u
                    (i32.load
                      (i32.const 768))
                    (i32.const 5)))
                (if  ;; label = @6
                  (i32.gt_u
                    (local.get 10)
                    (i32.const 4))
                  (then
                    (local.set 2
                      (i64.const 131088))
                    (local.set 5
                      (i32.const 8))
                    (br 4 (;@2;))))
                (local.set 2
                  (i64.const 131088))
                (local.set 5
                  (i32.const 7))
                (br 3 (;@2;))
                (local.set 7
                  (f64.reinterpret_i64
                    (i64.const 0)))))
            (local.set 6
              (i64.add
                (local.get 6)
                (i64.const -1)))
            (if  ;; label = @5
              (i64.ne
                (local.get 6)
                (i64.const 0))
              (then
                (local.set 9
                  (f64.add
                    (local.get 7)
                    (local.get 8)))
                (if  ;; label = @6
                  (i32.and
                    (i32.eq
                      (i32.and
                        (i32.load
                          (i32.const 768))
                        (i32.const 225))
                      (i32.const 1))
                    (f64.lt
                      (f64.abs
                        (local.get 9))
                      (f64.const inf (;=inf;))))
                  (then
                    (local.set 7
                      (local.get 9)))
                  (else
                    (local.set 10
                      (i32.shr_u
                        (i32.load
                          (i32.const 768))
                        (i32.const 5)))
                    (if  ;; label = @7
                      (i32.gt_u
                        (local.get 10)
                        (i32.const 4))
                      (then
                        (local.set 2
                          (i64.const 131091))
                        (local.set 5
                          (i32.const 8))
                        (br 5 (;@2;))))
                    (local.set 2
                      (i64.const 131091))
                    (local.set 5
                      (i32.const 7))
                    (br 4 (;@2;))
                    (local.set 7
                      (f64.reinterpret_i64
                        (i64.const 0)))))
                (local.set 6
                  (i64.add
                    (local.get 6)
                    (i64.const -1)))
                (if  ;; label = @6
                  (i64.ne
                    (local.get 6)
                    (i64.const 0))
                  (then
                    (local.set 9
                      (f64.add
                        (local.get 7)
                        (local.get 8)))
                    (if  ;; label = @7
                      (i32.and
                        (i32.eq
                          (i32.and
                            (i32.load
                              (i32.const 768))
                            (i32.const 225))
                          (i32.const 1))
                        (f64.lt
                          (f64.abs
                            (local.get 9))
                          (f64.const inf (;=inf;))))
                      (then
                        (local.set 7
                          (local.get 9)))
                      (else
                        (local.set 10
                          (i32.shr_u
                            (i32.load
                              (i32.const 768))
                            (i32.const 5)))
                        (if  ;; label = @8
                          (i32.gt_u
                            (local.get 10)
                            (i32.const 4))
                          (then
                            (local.set 2
                              (i64.const 131094))
                            (local.set 5
                              (i32.const 8))
                            (br 6 (;@2;))))
                        (local.set 2
                          (i64.const 131094))
                        (local.set 5
                          (i32.const 7))
                        (br 5 (;@2;))
                        (local.set 7
                          (f64.reinterpret_i64
                            (i64.const 0)))))
                    (local.set 6
                      (i64.add
                        (local.get 6)
                        (i64.const -1)))
                    (if  ;; label = @7
                      (i64.ne
                        (local.get 6)
                        (i64.const 0))
                      (then
                        (local.set 9
                          (f64.add
                            (local.get 7)
                            (local.get 8)))
                        (if  ;; label = @8
                          (i32.and
                            (i32.eq
                              (i32.and
                                (i32.load
                                  (i32.const 768))
                                (i32.const 225))
                              (i32.const 1))
                            (f64.lt
                              (f64.abs
                                (local.get 9))
                              (f64.const inf (;=inf;))))
                          (then
                            (local.set 7
                              (local.get 9)))
                          (else
                            (local.set 10
                              (i32.shr_u
                                (i32.load
                                  (i32.const 768))
                                (i32.const 5)))
                            (if  ;; label = @9
                              (i32.gt_u
                                (local.get 10)
                                (i32.const 4))
                              (then
                                (local.set 2
                                  (i64.const 131097))
                                (local.set 5
                                  (i32.const 8))
                                (br 7 (;@2;))))
                            (local.set 2
                              (i64.const 131097))
                            (local.set 5
                              (i32.const 7))
                            (br 6 (;@2;))
                            (local.set 7
                              (f64.reinterpret_i64
                                (i64.const 0)))))
                        (local.set 6
                          (i64.add
                            (local.get 6)
                            (i64.const -1)))
                        (if  ;; label = @8
                          (i64.ne
                            (local.get 6)
                            (i64.const 0))
                          (then
                            (local.set 0
                              (i32.sub
                                (local.get 0)
                                (i32.const 12)))
                            (if  ;; label = @9
                              (i32.lt_s
                                (local.get 0)
                                (i32.const 12))
                              (then
                                (local.set 2
                                  (i64.const 131088))
                                (local.set 5
                                  (i32.const -1))
                                (br 7 (;@2;))))
                            (br 5 (;@3;)))
                          (else
                            (br 4 (;@4;)))))
                      (else
                        (local.set 0
                          (i32.sub
                            (local.get 0)
                            (i32.const -3)))
                        (br 3 (;@4;)))))
                  (else
                    (local.set 0
                      (i32.sub
                        (local.get 0)
                        (i32.const -6)))
                    (br 2 (;@4;)))))
              (else
                (local.set 0
                  (i32.sub
                    (local.get 0)
                    (i32.const -9)))
                (br 1 (;@4;)))))
          (local.set 2
            (i64.const 1703964))
          (local.set 5
            (i32.const 3))
          (br 1 (;@2;))))
      (i64.store
        (i32.const 72)
        (local.get 6))
      (f64.store
        (i32.const 592)
        (local.get 7))
      (br 0 (;@1;)))
    (local.set 11
      (i64.shl
        (i64.shr_s
          (i64.shr_s
            (local.get 2)
            (i64.const 4))
          (i64.const 14))
        (i64.const 1)))
    (i32.store
      (i32.const 3072)
      (i32.add
        (i32.wrap_i64
          (local.get 11))
        (i32.const 12)))
    (i32.store
      (i32.const 3076)
      (i32.add
        (local.get 5)
        (i32.const 1)))
    (return
      (i64.add
        (i64.add
          (local.get 11)
          (i64.sub
            (i64.and
              (i64.shr_s
                (local.get 2)
                (i64.const 4))
              (i64.const 16383))
            (i64.const 8192)))
        (i64.const 65548))
      (i32.sub
        (local.get 0)
        (i32.and
          (i32.wrap_i64
            (local.get 2))
          (i32.const 15))))
    (unreachable))
  (export "region0" (func 0)))
